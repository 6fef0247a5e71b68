import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Replaces the fair-share policy of a scheduling policy; its queues follow at once.
/// Errors: ClientException. Source: Batch API reference, UpdateSchedulingPolicy.
enum UpdateSchedulingPolicy: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable {
        let arn: String
        let fairsharePolicy: JSON?
        let quotaSharePolicy: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        guard input.quotaSharePolicy == nil else { throw BatchError.elsewhere("quota shares") }
        try PolicyRecord.check(input.fairsharePolicy, context)
        let batch = context.service(Batch.self)
        let settings: JSON = ["fairsharePolicy": input.fairsharePolicy ?? [:]]
        return { transaction in
            guard let record = try PolicyRecord.find(input.arn, context, transaction.db) else {
                throw BatchError.missing(input.arn)
            }
            try transaction.execute(
                "UPDATE batch_policy SET settings = ? WHERE account = ? AND region = ? AND name = ?",
                settings.text(), context.account, context.region, record.name)
            for queue in try PolicyRecord.queues(record.arn, context, transaction.db) {
                try batch.changed(queue, id: queue.id, transaction)
            }
            return Nothing()
        }
    }
}
