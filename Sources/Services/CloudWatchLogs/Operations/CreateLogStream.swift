import AWSWire
import BatonCore
import BatonStore

/// Creates a stream in a group.
/// Errors: ResourceNotFoundException, ResourceAlreadyExistsException.
/// Source: CloudWatch Logs API reference, CreateLogStream.
enum CreateLogStream: WriteOperation {
    struct Input: Decodable, Sendable {
        let logGroupName: String
        let logStreamName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let reference = GroupReference(input.logGroupName, context)
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            let created = try transaction.execute(
                "INSERT OR IGNORE INTO logs_stream (group_id, name, created_ms) VALUES (?, ?, ?)", group.id,
                input.logStreamName, transaction.nowMs)
            guard created == 1 else { throw LogsError.streamExists }
            return Nothing()
        }
    }
}
