import AWSWire
import BatonCore
import BatonStore

/// Deletes a log group with all its streams and events.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DeleteLogGroup.
enum DeleteLogGroup: WriteOperation {
    struct Input: Decodable, Sendable { let logGroupName: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let reference = GroupReference(input.logGroupName, context)
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            guard !group.isProtected else { throw LogsError.protected }
            try transaction.execute("DELETE FROM logs_event WHERE group_id = ?", group.id)
            try transaction.execute("DELETE FROM logs_stream WHERE group_id = ?", group.id)
            try transaction.execute("DELETE FROM logs_filter WHERE group_id = ?", group.id)
            try transaction.execute("DELETE FROM logs_group WHERE id = ?", group.id)
            return Nothing()
        }
    }
}
