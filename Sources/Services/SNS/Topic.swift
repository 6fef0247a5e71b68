import AWSWire
import BatonStore
import GRDB
import JSON

/// A topic as it is stored. Derived parts are made once, because every publish asks for them.
struct Topic: Sendable {
    let arn: String
    let account: String
    let region: String
    let name: String
    /// Those that were set, as they are answered.
    var attributes: [String: String]
    var tags: [Tag]
    var dataProtectionPolicy = ""
    /// How many subscriptions have been removed.
    var unsubscribed = 0

    /// Names of FIFO topics end with `.fifo`, no others do.
    var isFifo: Bool { name.hasSuffix(".fifo") }
    var deduplicatesByContent: Bool { attributes["ContentBasedDeduplication"] == "true" }
    var signatureVersion: String { attributes["SignatureVersion"] ?? "1" }
    var deliveryPolicy: DeliveryPolicy? { try? DeliveryPolicy(topic: attributes["DeliveryPolicy"]) }
    var policy: String { attributes["Policy"] ?? Self.defaultPolicy(arn: arn, account: account) }

    /// What AWS gives to a topic without a policy: its owner may do everything.
    static func defaultPolicy(arn: String, account: String) -> String {
        let actions: [JSON] = TopicPolicy.actions.map { .string("SNS:\($0)") }
        let statement: JSON = [
            "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": ["AWS": "*"], "Action": .array(actions),
            "Resource": .string(arn), "Condition": ["StringEquals": ["AWS:SourceOwner": .string(account)]],
        ]
        return JSON.object([
            "Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement],
        ]).text()
    }
}

// MARK: Storing

extension Topic {
    init(_ row: Row) {
        arn = row["arn"]
        account = row["account"]
        region = row["region"]
        name = row["name"]
        attributes = StoredText.attributes(row["attributes"])
        tags = StoredText.tags(row["tags"])
        dataProtectionPolicy = row["data_protection_policy"]
        unsubscribed = row["unsubscribed"]
    }

    static func find(_ arn: String, _ transaction: Transaction) throws -> Topic? {
        try transaction.row("SELECT * FROM sns_topic WHERE arn = ?", arn).map(Topic.init)
    }

    /// - Throws: ``SNSError/topicNotFound``
    static func existing(_ arn: String, _ transaction: Transaction) throws -> Topic {
        guard let topic = try find(arn, transaction) else { throw SNSError.topicNotFound }
        return topic
    }

    func insert(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO sns_topic (arn, account, region, name, attributes, tags) VALUES (?, ?, ?, ?, ?, ?)",
            arn, account, region, name, StoredText.text(attributes), StoredText.text(tags))
    }

    /// Stores what may change, all but the sequence, which publishing owns.
    func update(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE sns_topic SET attributes = ?, tags = ?, data_protection_policy = ?, unsubscribed = ?
            WHERE arn = ?
            """,
            StoredText.text(attributes), StoredText.text(tags), dataProtectionPolicy, unsubscribed, arn)
    }
}

/// Maps and tags as JSON text in a column.
enum StoredText {
    static func text(_ attributes: [String: String]) -> String {
        JSON.object(JSON.Object(attributes.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })).text()
    }

    static func attributes(_ text: String) -> [String: String] {
        guard case .object(let object) = try? JSON.parse(text) else { return [:] }
        return Dictionary(object.members.map { ($0.key, $0.value.string ?? "") }) { $1 }
    }

    static func text(_ tags: [Tag]) -> String {
        JSON.object(JSON.Object(tags.map { ($0.key, .string($0.value)) })).text()
    }

    static func tags(_ text: String) -> [Tag] {
        guard case .object(let object) = try? JSON.parse(text) else { return [] }
        return object.members.map { Tag(key: $0.key, value: $0.value.string ?? "") }
    }
}
