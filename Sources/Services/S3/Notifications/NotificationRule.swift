import AWSWire
import JSON

/// One destination of a bucket's notifications, and what it wants.
struct NotificationRule: Sendable {
    let id: String
    let arn: String
    /// `s3:ObjectCreated:*` …
    let events: [String]
    let prefix: String
    let suffix: String

    /// The lists of a configuration and the member that names the destination.
    static let kinds = [
        ("TopicConfigurations", "TopicArn"), ("QueueConfigurations", "QueueArn"),
        ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
    ]

    static func list(_ configuration: JSON) -> [NotificationRule] {
        kinds.flatMap { list, member in
            (configuration[list]?.array ?? []).map { NotificationRule($0, member) }
        }
    }

    private init(_ tree: JSON, _ member: String) {
        id = tree["Id"]?.string ?? ""
        arn = tree[member]?.string ?? ""
        events = (tree["Events"]?.array ?? []).compactMap(\.string)
        var parts = ["prefix": "", "suffix": ""]
        for rule in tree["Filter"]?["Key"]?["FilterRules"]?.array ?? [] {
            parts[rule["Name"]?.string?.lowercased() ?? ""] = rule["Value"]?.string ?? ""
        }
        (prefix, suffix) = (parts["prefix"] ?? "", parts["suffix"] ?? "")
    }

    func wants(_ event: String, _ key: String) -> Bool {
        events.contains { Self.covers($0, "s3:\(event)") } && key.hasPrefix(prefix) && key.hasSuffix(suffix)
    }

    private static func covers(_ pattern: String, _ event: String) -> Bool {
        pattern == event || (pattern.hasSuffix(":*") && event.hasPrefix(pattern.dropLast()))
    }

    /// Whether one object could reach both by the same event.
    func overlaps(_ other: NotificationRule) -> Bool {
        let sharesEvent = events.contains { mine in
            other.events.contains { Self.covers(mine, $0) || Self.covers($0, mine) }
        }
        return sharesEvent && (prefix.hasPrefix(other.prefix) || other.prefix.hasPrefix(prefix))
            && (suffix.hasSuffix(other.suffix) || other.suffix.hasSuffix(suffix))
    }
}
