import AWSWire
import BatonCore
import BatonStore
import JSON

/// Protects a group from being deleted, or no longer.
/// Errors: ResourceNotFoundException.
/// Source: CloudWatch Logs API reference, PutLogGroupDeletionProtection.
enum PutLogGroupDeletionProtection: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let reference = try GroupReference(
            name: nil, identifier: input["logGroupIdentifier"]?.string, context)
        let isProtected = input["deletionProtectionEnabled"] == true
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            try transaction.execute("UPDATE logs_group SET is_protected = ? WHERE id = ?", isProtected, group.id)
            return Nothing()
        }
    }
}
