import BatonStore
import AWSWire
import BatonCore
import GRDB

/// The attributes that are asked for by name; `All` means every one. The numbers of messages are exact.
/// Errors: QueueDoesNotExist, InvalidAttributeName. Source: SQS API reference, GetQueueAttributes.
enum GetQueueAttributes: ReadOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let attributeNames: [String]?
    }
    struct Output: Encodable, Sendable { let attributes: [String: String]? }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let names = Set(input.attributeNames ?? [])
        if let unknown = names.subtracting(QueueAttributes.readable).min() { throw SQSError.unknownAttribute(unknown) }
        let queue = try context.sqs.queues.find(input.queueUrl, context)
        var attributes = queue.settings.shown
        attributes["QueueArn"] = queue.key.arn
        attributes["CreatedTimestamp"] = String(queue.createdMs / 1000)
        attributes["LastModifiedTimestamp"] = String(queue.modifiedMs / 1000)
        if names.contains(where: { $0 == "All" || $0.hasPrefix("Approximate") }) {
            let nowMs = context.nowMs
            let counts = try context.read { db in try count(queue, nowMs, db) }
            attributes.merge(counts) { _, count in count }
        }
        if !names.contains("All") { attributes = attributes.filter { names.contains($0.key) } }
        return Output(attributes: attributes.isEmpty ? nil : attributes)
    }

    /// All three come from the index alone.
    private static func count(_ queue: Queue, _ nowMs: Int64, _ db: Database) throws -> [String: String] {
        func count(_ condition: String) throws -> String {
            let row = try db.row(
                "SELECT count(*) AS n FROM sqs_messages WHERE lane = ? AND sent_ms > ? AND \(condition)", queue.lane,
                queue.expiredMs(nowMs), nowMs)
            return String(row?["n"] as Int? ?? 0)
        }
        return [
            "ApproximateNumberOfMessages": try count("visible_ms <= ?"),
            "ApproximateNumberOfMessagesNotVisible": try count("visible_ms > ? AND receives > 0"),
            "ApproximateNumberOfMessagesDelayed": try count("visible_ms > ? AND receives = 0"),
        ]
    }
}
