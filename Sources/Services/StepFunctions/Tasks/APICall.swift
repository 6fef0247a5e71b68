import AWSModel
import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// One operation of a service as the work of a task.
struct APICall: Sendable {
    /// What to make of the output: its members as the state sees them, and as they came.
    typealias Finish = @Sendable (_ output: JSON, _ wire: JSON) -> TaskAnswer

    let service: String
    let operation: String
    let style: FailureStyle
    let form: ParameterForm
    /// How the HTTP answer would have looked; nil where results do not show it.
    let metadata: (@Sendable (_ wire: JSON) -> ResponseMetadata.Form)?
    /// Failing to submit is not failing: it has an event of its own.
    let isSubmission: Bool

    /// An `aws-sdk` integration.
    init(sdk service: String, _ operation: String, isSubmission: Bool) {
        self.service = service
        self.operation = operation
        style = .sdk
        form = ParameterForm(service: service, isOptimized: false)
        metadata = nil
        self.isSubmission = isSubmission
    }

    init(_ optimized: OptimizedCall, isSubmission: Bool) {
        service = optimized.service
        operation = optimized.operation
        style = optimized.style
        form = ParameterForm(service: optimized.service, isOptimized: true)
        metadata = optimized.metadata
        self.isSubmission = isSubmission
    }

    private var model: OperationModel? { ServiceModel.named(service)?.operations[operation] }

    func work(_ call: TaskCall, _ context: Context, finish: @escaping Finish) -> TaskWork {
        work(Rewriting.parameters(of: call), context, finish: finish)
    }

    /// - Parameter parameters: as the operation takes them, under the names of states.
    func work(_ parameters: JSON, _ context: Context, finish: @escaping Finish) -> TaskWork {
        guard let model else { return .answered(unavailable()) }
        // The engine has asked for problems before the attempt.
        var problems: [String] = []
        var input = form.input(parameters, model.input, problems: &problems)
        if service == "s3", operation == "PutObject" {
            // The SDK adds both to every upload of a text.
            input["ChecksumAlgorithm"] = input["ChecksumAlgorithm"] ?? "CRC32"
            input["ContentType"] = input["ContentType"] ?? "text/plain; charset=UTF-8"
        }
        return work(wire: input, context) { result in answer(result, context, finish) }
    }

    /// As a write of the transaction that records the outcome where that is possible.
    private func work(
        wire input: JSON, _ context: Context, answer: @escaping @Sendable (Result<JSON, AWSError>) -> TaskAnswer
    ) -> TaskWork {
        do {
            return .write(try context.enlist(service, operation, input), answer: answer)
        } catch  where error.code == "NotEnlistable" {
            let (service, operation) = (service, operation)
            return .call {
                do throws(AWSError) {
                    return answer(.success(try await context.call(service, operation, input)))
                } catch {
                    return answer(.failure(error))
                }
            }
        } catch {
            return .answered(answer(.failure(error)))
        }
    }

    private func answer(
        _ result: Result<JSON, AWSError>, _ context: Context, _ finish: Finish
    ) -> TaskAnswer {
        switch result {
        case .failure(let error): return failed(style.error(error, service, requestId: context.requestId))
        case .success(let wire):
            var output = form.output(wire, model?.output)
            if let metadata, case .object(let members) = output {
                output = ResponseMetadata(
                    form: metadata(wire), requestId: context.requestId, nowMs: context.nowMs
                ).added(to: members, wire: wire)
            }
            return finish(output, wire)
        }
    }

    func failed(_ error: StatesError) -> TaskAnswer { isSubmission ? .submitFailed(error) : .failed(error) }

    private func unavailable() -> TaskAnswer {
        .unavailable(service, isSubmission: isSubmission)
    }
}

extension TaskAnswer {
    static func unavailable(_ service: String, isSubmission: Bool) -> TaskAnswer {
        let error = StatesError(
            "\(JavaName.pascal(service)).ServiceUnavailableException",
            "The service \(service) is not available: it is not part of this Baton and not routed to AWS.")
        return isSubmission ? .submitFailed(error) : .failed(error)
    }
}

extension APICall {
    static func outputShape(_ call: OptimizedCall) -> Shape? {
        ServiceModel.named(call.service)?.operations[call.operation]?.output
    }
}
