import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Deletes a stream with its events.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DeleteLogStream.
enum DeleteLogStream: WriteOperation {
    struct Input: Decodable, Sendable {
        let logGroupName: String
        let logStreamName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let reference = GroupReference(input.logGroupName, context)
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            let stream = try transaction.db.logStream(input.logStreamName, group)
            try StoredBytes.remove("stream_id = ?", stream.id, group, transaction)
            try transaction.execute("DELETE FROM logs_event WHERE stream_id = ?", stream.id)
            try transaction.execute("DELETE FROM logs_stream WHERE id = ?", stream.id)
            return Nothing()
        }
    }
}

/// The sum that a group shows: the bytes of its messages, each with its overhead.
enum StoredBytes {
    static func add(_ bytes: Int, _ group: LogGroup, _ transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE logs_group SET stored_bytes = max(0, stored_bytes + ?) WHERE id = ?", bytes, group.id)
    }

    /// Takes away what is about to be deleted.
    static func remove(_ condition: String, _ argument: Int64, _ group: LogGroup, _ transaction: Transaction) throws {
        let row = try transaction.row(
            """
            SELECT coalesce(sum(length(CAST(message AS BLOB)) + \(Limits.eventOverhead)), 0) AS sum
            FROM logs_event WHERE \(condition)
            """, argument)
        try add(-(row?["sum"] ?? 0), group, transaction)
    }
}
