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
        return api.work(parameters, call, context) { output, _ in
            if let failed = output["FailedEntryCount"]?.int, failed > 0 {
                return api.failed(Self.failedEntry(output))
            }
            return waits ? .submitted(output, then: .token) : .succeeded(output)
        }
    }

    private var parameters: JSON {
        var parameters = call.parameters
        switch call.resource.resourceType {
        case "sqs": parameters.replace("MessageBody", with: Self.text)
        case "sns": parameters.replace("Message", with: Self.text)
        case "events":
            parameters.replace("Entries") { entries in
                guard let entries = entries.array else { return entries }
                return .array(entries.map(entry))
            }
        default: break
        }
        return parameters
    }

    /// The execution and its state machine are added to the resources of every event.
    /// Source: Step Functions developer guide, "Add EventBridge events".
    private func entry(_ entry: JSON) -> JSON {
        guard entry.object != nil else { return entry }
        var entry = entry
        entry.replace("Detail", with: Self.text)
        entry["Resources"] = .array(
            (entry["Resources"]?.array ?? []) + [.string(call.executionArn), .string(call.stateMachineArn)])
        return entry
    }

    /// A text as it is, anything else as its JSON.
    static func text(_ value: JSON) -> JSON {
        switch value {
        case .string, .null: value
        default: .string(value.text())
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

extension JSON {
    /// Changes a member that is there.
    mutating func replace(_ key: String, with change: (JSON) -> JSON) {
        guard let value = self[key] else { return }
        self[key] = change(value)
    }
}
