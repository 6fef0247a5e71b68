import AWSWire
import BatonCore
import BatonStore

/// Sets for how many days events are kept.
/// Errors: InvalidParameterException for another number than AWS's, ResourceNotFoundException.
/// Source: CloudWatch Logs API reference, PutRetentionPolicy.
enum PutRetentionPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let logGroupName: String
        let retentionInDays: Int
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        guard Limits.retentionDays.contains(input.retentionInDays) else {
            let set = Limits.retentionDays.sorted().map(String.init).joined(separator: ", ")
            throw LogsError.invalid(
                "1 validation error detected: Value '\(input.retentionInDays)' at 'retentionInDays' failed to satisfy"
                    + " constraint: Member must satisfy enum value set: [\(set)]")
        }
        let reference = GroupReference(input.logGroupName, context)
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            try transaction.execute(
                "UPDATE logs_group SET retention_days = ? WHERE id = ?", input.retentionInDays, group.id)
            return Nothing()
        }
    }
}
