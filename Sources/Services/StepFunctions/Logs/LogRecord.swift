import JSON
import StatesLanguage

/// One event of a history as CloudWatch Logs has it.
/// Source: Step Functions developer guide, "Using CloudWatch Logs to log execution history".
enum LogRecord {
    /// Longer records lose their data, which is marked as truncated.
    private static let mostBytes = 250_000
    /// What is data of the execution, with what tells how much of it is shown.
    private static let data: Set<String> = ["input", "inputDetails", "output", "outputDetails", "parameters"]

    static func message(
        _ event: HistoryEvent, _ executionArn: String, _ redriveCount: Int, includesData: Bool
    ) -> String {
        var details = event.members ?? [:]
        if !includesData { for name in data { details[name] = nil } }
        let whole = text(event, details, executionArn, redriveCount)
        guard whole.utf8.count > mostBytes else { return whole }
        for name in ["input", "output", "parameters"] where details[name] != nil {
            details[name] = nil
            if details["\(name)Details"] != nil { details["\(name)Details"] = ["truncated": true] }
        }
        return text(event, details, executionArn, redriveCount)
    }

    private static func text(
        _ event: HistoryEvent, _ details: JSON.Object, _ executionArn: String, _ redriveCount: Int
    ) -> String {
        JSON.object([
            "id": .string(String(event.id)), "type": .string(event.type.rawValue), "details": .object(details),
            "previous_event_id": .string(String(event.previousId)), "event_timestamp": .string(String(event.atMs)),
            "execution_arn": .string(executionArn), "redrive_count": .string(String(redriveCount)),
        ]).text()
    }
}

extension LogLevel {
    private static let endings: Set<HistoryEvent.Kind> = [.executionAborted, .executionFailed, .executionTimedOut]

    /// Whether events of this type are logged.
    func includes(_ type: HistoryEvent.Kind) -> Bool {
        switch self {
        case .all: return true
        case .off: return false
        case .fatal: return Self.endings.contains(type)
        case .error:
            let name = type.rawValue
            return type == .failStateEntered || name.hasSuffix("Failed") || name.hasSuffix("TimedOut")
                || name.hasSuffix("Aborted")
        }
    }
}
