import AWSWire
import JSON

/// The access policy of a topic, which `AddPermission` and `RemovePermission` edit.
///
/// Baton keeps policies and shows them; it does not evaluate them.
struct TopicPolicy {
    static let actions = [
        "GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe",
        "ListSubscriptionsByTopic", "Publish",
    ]

    private(set) var document: JSON

    init(_ text: String) { document = (try? JSON.parse(text)) ?? [:] }

    private var statements: [JSON] {
        get { document["Statement"]?.array ?? document["Statement"].map { [$0] } ?? [] }
        set { document["Statement"] = .array(newValue) }
    }

    /// - Throws: InvalidParameter for a label that exists and an action that SNS does not know.
    mutating func add(
        label: String, accounts: [String], actions: [String], resource: String
    ) throws(AWSError) {
        guard !statements.contains(where: { $0["Sid"]?.string == label }) else {
            throw SNSError.invalidParameter("Statement already exists")
        }
        for action in actions where action != "*" && action != "Receive" && !Self.actions.contains(action) {
            throw SNSError.invalidParameter("Policy statement action out of service scope!")
        }
        statements.append([
            "Sid": .string(label), "Effect": "Allow",
            "Principal": ["AWS": Self.oneOrMany(accounts.map { "arn:aws:iam::\($0):root" })],
            "Action": Self.oneOrMany(actions.map { "SNS:\($0)" }), "Resource": .string(resource),
        ])
    }

    mutating func remove(label: String) {
        statements.removeAll { $0["Sid"]?.string == label }
    }

    private static func oneOrMany(_ texts: [String]) -> JSON {
        texts.count == 1 ? .string(texts[0]) : .array(texts.map { .string($0) })
    }
}
