import AWSWire
import BatonCore
import BatonStore

/// Keeps events for ever again.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DeleteRetentionPolicy.
enum DeleteRetentionPolicy: WriteOperation {
    struct Input: Decodable, Sendable { let logGroupName: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let reference = GroupReference(input.logGroupName, context)
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            try transaction.execute("UPDATE logs_group SET retention_days = NULL WHERE id = ?", group.id)
            return Nothing()
        }
    }
}
