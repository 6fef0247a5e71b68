import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Deletes a scheduling policy that no queue uses.
/// Errors: ClientException. Source: Batch API reference, DeleteSchedulingPolicy.
enum DeleteSchedulingPolicy: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable { let arn: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            guard let record = try PolicyRecord.find(input.arn, context, transaction.db) else {
                throw BatchError.missing(input.arn)
            }
            guard try PolicyRecord.queues(record.arn, context, transaction.db).isEmpty else {
                throw BatchError.client("Cannot delete, found existing JobQueue relationship")
            }
            try transaction.execute(
                "DELETE FROM batch_policy WHERE account = ? AND region = ? AND name = ?", context.account,
                context.region, record.name)
            return Nothing()
        }
    }
}
