import JSON
import LambdaRuntime
import Logging

/// The reply function: each message of the success and the failure queue finishes a run.
struct ReplyReader: Sendable {
    let settings: Settings
    let performer: any Performing
    let logger: Logger

    /// Returns the messages that are to be delivered again, as an event source mapping expects it.
    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        var failures: [JSON] = []
        // One after the other: of two replies with the same names the first finishes the older run.
        for record in event["Records"]?.array ?? [] {
            guard let body = record["body"]?.string, let id = record["messageId"]?.string else {
                throw InvocationError("BadEvent", "The event is not one of SQS")
            }
            let lifecycle = ReplyLifecycle(
                body: body, replyId: id, queueArn: record["eventSourceARN"]?.string ?? "", nowMs: performer.nowMs,
                settings: settings)
            if let error = await read(lifecycle) {
                logger.error("reply failed", metadata: ["messageId": "\(id)", "error": "\(error)"])
                failures.append(["itemIdentifier": .string(id)])
            }
        }
        return ["batchItemFailures": .array(failures)]
    }

    private func read(_ lifecycle: ReplyLifecycle) async -> InvocationError? {
        var lifecycle = lifecycle
        var outcome: CallOutcome?
        while true {
            switch lifecycle.next(outcome) {
            case .call(let call): outcome = await performer.perform(call)
            case .done: return nil
            case .failed(let error): return error
            }
        }
    }
}
