import BatonStore
import AWSWire
import BatonCore
import GRDB
import JSON

/// What a queue is found by.
struct QueueKey: Hashable, Sendable {
    let account: String
    let region: String
    let name: String

    init(account: String, region: String, name: String) {
        self.account = account
        self.region = region
        self.name = name
    }

    /// nil when `arn` is not that of a queue.
    init?(arn: String) {
        guard let arn = ARN(arn), arn.service == "sqs", !arn.region.isEmpty, !arn.account.isEmpty,
            !arn.resource.contains(":"), !arn.resource.contains("/")
        else { return nil }
        self.init(account: arn.account, region: arn.region, name: arn.resource)
    }

    var arn: String { "arn:aws:sqs:\(region):\(account):\(name)" }

    func url(_ context: Context) -> String { "\(context.endpoint)/\(account)/\(name)" }
}

/// One queue as of its last change; it never changes itself.
final class Queue: Sendable {
    /// Stays the same as long as the queue exists and is not used again.
    let id: Int64
    /// Where its messages are: a new one after each purge.
    let lane: Int64
    let key: QueueKey
    let settings: QueueSettings
    let tags: [String: String]
    let createdMs: Int64
    let modifiedMs: Int64
    let purgedMs: Int64

    init(_ row: Row) {
        id = row["id"]
        lane = row["lane"]
        key = QueueKey(account: row["account"], region: row["region"], name: row["name"])
        settings = QueueSettings(StringMap.parse(row["attributes"]))
        tags = StringMap.parse(row["tags"])
        createdMs = row["created_ms"]
        modifiedMs = row["modified_ms"]
        purgedMs = row["purged_ms"]
    }

    var isFifo: Bool { settings.isFifo }

    /// Messages sent at this time or before have expired.
    func expiredMs(_ nowMs: Int64) -> Int64 { nowMs - Int64(settings.messageRetentionPeriod) * 1000 }

    static func find(_ key: QueueKey, _ db: Database) throws -> Queue? {
        try db.row(
            "SELECT * FROM sqs_queues WHERE account = ? AND region = ? AND name = ?", key.account, key.region,
            key.name
        ).map(Queue.init)
    }

    static func find(_ id: Int64, _ db: Database) throws -> Queue? {
        try db.row("SELECT * FROM sqs_queues WHERE id = ?", id).map(Queue.init)
    }
}

/// Attributes and tags as their rows hold them: a JSON object of strings.
enum StringMap {
    static func parse(_ text: String) -> [String: String] {
        guard let object = (try? JSON.parse(text))?.object else { return [:] }
        return Dictionary(object.compactMap { key, value in value.string.map { (key, $0) } }) { _, last in last }
    }

    static func text(_ map: [String: String]) -> String {
        JSON.object(JSON.Object(map.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })).text()
    }
}
