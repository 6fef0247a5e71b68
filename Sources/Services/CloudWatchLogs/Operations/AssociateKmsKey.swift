import AWSWire
import BatonCore
import BatonStore
import JSON

/// Names the key of a group; Baton keeps the name and does not encrypt.
/// Errors: ResourceNotFoundException, InvalidParameterException.
/// Source: CloudWatch Logs API reference, AssociateKmsKey.
enum AssociateKmsKey: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try change(input, key: input["kmsKeyId"]?.string, context)
    }

    static func change(_ input: JSON, key: String?, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let reference = try GroupReference(
            name: input["logGroupName"]?.string, identifier: input["resourceIdentifier"]?.string, context)
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            try transaction.execute("UPDATE logs_group SET kms_key = ? WHERE id = ?", key, group.id)
            return Nothing()
        }
    }
}
