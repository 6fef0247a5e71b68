import BatonCore
import JSON
import StatesLanguage

/// Optimised integrations that are one call: SQS, SNS, DynamoDB, EventBridge.
struct OptimizedTask {
    let call: TaskCall
    let context: Context
    let optimized: OptimizedCall

    func work() -> TaskWork {
        let waits = call.resource.pattern == .waitForTaskToken
        let api = APICall(optimized, isSubmission: waits)
        return api.work(call, context) { output, _ in
            if let failed = output["FailedEntryCount"]?.int, failed > 0 {
                return api.failed(Self.failedEntry(output))
            }
            return waits ? .submitted(output, then: .token) : .succeeded(output)
        }
    }

    /// Some events were refused; the others are on the bus.
    private static func failedEntry(_ output: JSON) -> StatesError {
        var cause = output
        cause["SdkHttpMetadata"] = nil
        cause["SdkResponseMetadata"] = nil
        return StatesError("EventBridge.FailedEntry", cause.text())
    }
}
