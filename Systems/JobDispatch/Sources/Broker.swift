import JSON
import LambdaRuntime
import Logging

/// The broker function: each record of an SNS event becomes a run.
struct Broker: Sendable {
    let settings: Settings
    let performer: any Performing
    let logger: Logger

    /// Returns `[{"runId", "jobId", "status", "targetId", "error"}]`. Throws after the last record when one of them is
    /// worth another attempt: those that are settled do nothing then.
    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        var results: [JSON] = []
        var failure: InvocationError?
        for record in event["Records"]?.array ?? [] {
            guard let message = record["Sns"]?["Message"]?.string, let id = record["Sns"]?["MessageId"]?.string else {
                throw InvocationError("BadEvent", "The event is not one of SNS")
            }
            let lifecycle = DispatchLifecycle(
                message: message, runId: id, nowMs: performer.nowMs, settings: settings)
            switch await dispatch(lifecycle) {
            case .success(let result):
                logger.info("run", metadata: ["result": "\(result.json)"])
                results.append(result.json)
            case .failure(let error):
                logger.error("run failed", metadata: ["runId": "\(id)", "error": "\(error)"])
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .array(results)
    }

    private func dispatch(_ lifecycle: DispatchLifecycle) async -> Result<RunResult, InvocationError> {
        var lifecycle = lifecycle
        var outcome: CallOutcome?
        while true {
            switch lifecycle.next(outcome) {
            case .call(let call): outcome = await performer.perform(call)
            case .done(let result): return .success(result)
            case .failed(let error): return .failure(error)
            }
        }
    }
}
