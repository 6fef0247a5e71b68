import AWSWire
import BatonCore
import BatonStore
import JSON

/// Creates a log group.
/// Errors: ResourceAlreadyExistsException. Source: CloudWatch Logs API reference, CreateLogGroup.
enum CreateLogGroup: WriteOperation {
    struct Input: Decodable, Sendable {
        let logGroupName: String
        let kmsKeyId: String?
        let tags: [String: String]?
        let logGroupClass: String?
        let deletionProtectionEnabled: Bool?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let (account, region) = (context.account, context.region)
        return { transaction in
            let created = try transaction.execute(
                """
                INSERT OR IGNORE INTO logs_group
                    (account, region, name, created_ms, kms_key, class, is_protected, tags)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, account, region, input.logGroupName, transaction.nowMs, input.kmsKeyId,
                input.logGroupClass ?? "STANDARD", input.deletionProtectionEnabled ?? false,
                try JSON(encoding: input.tags ?? [:]).text())
            guard created == 1 else { throw LogsError.groupExists }
            return Nothing()
        }
    }
}
