import AWSModel
import AWSWire
import BatonCore
import JSON
import Logging
import StatesLanguage

/// `.sync` jobs of Batch, Glue, ECS and their like: submit, ask until they are over, answer with what they have become.
struct JobTask {
    let call: TaskCall
    let context: Context
    let optimized: OptimizedCall

    /// Milliseconds between two questions: the first pause, how it grows, its longest.
    private static let pauseMs: (first: Int64, longest: Int64) = (200, 5_000)

    func work() -> TaskWork {
        let pattern = call.resource.pattern
        let api = APICall(optimized, isSubmission: pattern != .requestResponse)
        let job = Job.find(call.resource.resourceType, call.resource.action)
        let (call, nowMs) = (call, context.nowMs)
        return api.work(call, context) { output, _ in
            if let failures = output["Failures"]?.array, !failures.isEmpty, call.resource.resourceType == "ecs" {
                return api.failed(StatesError("AmazonECS.Unknown", Self.plain(output).text()))
            }
            switch (pattern, job) {
            case (.sync, let job?):
                let place: JSON = [
                    "ask": job.question(output, call.parameters), "pauseMs": .number(JSON.Number(Self.pauseMs.first)),
                ]
                return .submitted(output, then: .poll(place, atMs: nowMs + Self.pauseMs.first))
            case (.waitForTaskToken, _): return .submitted(output, then: .token)
            default: return .succeeded(output)
            }
        }
    }

    /// - Parameter place: what ``work()`` or the last question has left.
    func poll(_ place: JSON) async -> TaskAnswer {
        guard let job = Job.find(call.resource.resourceType, call.resource.action) else {
            return .unavailable(optimized.service, isSubmission: false)
        }
        let pauseMs = Int64(place["pauseMs"]?.int ?? 0)
        let nextMs = min(max(pauseMs, Self.pauseMs.first) * 3 / 2, Self.pauseMs.longest)
        let next: JSON = ["ask": place["ask"] ?? [:], "pauseMs": .number(JSON.Number(nextMs))]
        let waiting = TaskAnswer.waiting(.poll(next, atMs: context.nowMs + nextMs))
        let answer: JSON
        do throws(AWSError) {
            answer = try await ask(job.describe, place["ask"] ?? [:])
        } catch {
            // The job is not lost because nobody could tell how it stands.
            guard error.status < 500, !error.code.contains("Throttl") else { return waiting }
            return .failed(optimized.style.error(error, optimized.service, requestId: context.requestId))
        }
        guard let found = answer.at(job.path), let state = found.at(job.state)?.string else { return waiting }
        if job.succeeded.contains(state), job.isWell(found) {
            return .succeeded(job.showsOutput ? answer : found)
        }
        guard job.succeeded.contains(state) || job.failed.contains(state) else { return waiting }
        return .failed(StatesError("States.TaskFailed", found.text()))
    }

    func cancel(_ place: JSON) async {
        guard let stop = Job.find(call.resource.resourceType, call.resource.action)?.stop else { return }
        do throws(AWSError) {
            _ = try await ask(stop.operation, stop.input(place["ask"] ?? [:]))
        } catch {
            context.logger.warning(
                "a job could not be stopped", metadata: ["resource": "\(call.resource.text)", "error": "\(error)"])
        }
    }

    private func ask(_ operation: String, _ input: JSON) async throws(AWSError) -> JSON {
        guard let model = ServiceModel.named(optimized.service)?.operations[operation] else {
            throw AWSError("UnknownOperationException", "\(optimized.service) has no operation \(operation)")
        }
        let form = ParameterForm(service: optimized.service, isOptimized: true)
        var problems: [String] = []
        let input = form.input(input, model.input, problems: &problems)
        return form.output(try await context.call(optimized.service, operation, input), model.output)
    }

    /// Without what only HTTP knows.
    private static func plain(_ output: JSON) -> JSON {
        var output = output
        output["SdkHttpMetadata"] = nil
        output["SdkResponseMetadata"] = nil
        return output
    }
}
