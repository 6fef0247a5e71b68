import JSON

/// How often a job is attempted, and which ends of an attempt count.
/// Source: User Guide, "Automated job retries".
struct RetryStrategy: Sendable, Equatable {
    struct Rule: Sendable, Equatable {
        var onExitCode: String?
        var onReason: String?
        var onStatusReason: String?
        var retries: Bool

        /// Whether all conditions that are given hold.
        func matches(_ end: AttemptEnd) -> Bool {
            let conditions: [(pattern: String?, text: String?)] = [
                (onExitCode, end.exitCode.map(String.init)), (onReason, end.reason), (onStatusReason, end.statusReason),
            ]
            let given = conditions.filter { $0.pattern != nil }
            return !given.isEmpty
                && given.allSatisfy { condition in
                    RetryStrategy.matches(condition.text ?? "", pattern: condition.pattern ?? "")
                }
        }
    }

    /// 1–10.
    var attempts = 1
    /// The first rule that matches decides.
    var rules: [Rule] = []

    init(attempts: Int = 1, rules: [Rule] = []) {
        self.attempts = attempts
        self.rules = rules
    }

    init(_ json: JSON?) {
        attempts = json?["attempts"]?.int ?? 1
        rules = (json?["evaluateOnExit"]?.array ?? []).map { rule in
            Rule(
                onExitCode: rule["onExitCode"]?.string, onReason: rule["onReason"]?.string,
                onStatusReason: rule["onStatusReason"]?.string,
                retries: rule["action"]?.string?.uppercased() == "RETRY")
        }
    }

    /// Whether another attempt follows the one that ended as the `number`th, from 1. When no rule matches, it does.
    func retries(_ end: AttemptEnd, afterAttempt number: Int) -> Bool {
        guard number < attempts else { return false }
        return rules.first { $0.matches(end) }?.retries ?? true
    }

    /// Without regard to ASCII case; a `*` at the end stands for any text.
    static func matches(_ text: String, pattern: String) -> Bool {
        let text = text.lowercased()
        let pattern = pattern.lowercased()
        return pattern.hasSuffix("*") ? text.hasPrefix(pattern.dropLast()) : text == pattern
    }
}

/// How one attempt ended.
struct AttemptEnd: Sendable, Equatable {
    /// nil when nobody knows it, or nothing was started.
    var exitCode: Int?
    /// The container's reason.
    var reason: String?
    var statusReason: String
    var startedMs: Int64?
    var stoppedMs: Int64
    /// Of each container of a task or pod, in their order.
    var containers: [ContainerEnd] = []
    var succeeded: Bool { exitCode == 0 }
}

/// How one of several containers ended.
struct ContainerEnd: Sendable, Equatable {
    var name: String
    var exitCode: Int?
    var reason: String?
    var logStream: String?

    /// As the lists of containers in DescribeJobs show it.
    var json: JSON {
        JSON.members([
            ("name", .string(name)), ("exitCode", exitCode.map(JSON.number)), ("reason", reason.map(JSON.string)),
            ("logStreamName", logStream.map(JSON.string)), ("networkInterfaces", []),
        ])
    }
}
