import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Creates a fair-share policy for queues.
/// Errors: ClientException. Source: Batch API reference, CreateSchedulingPolicy.
enum CreateSchedulingPolicy: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let name: String
        let fairsharePolicy: JSON?
        let quotaSharePolicy: JSON?
        let tags: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        guard Naming.isValid(input.name) else {
            throw BatchError.executing("Scheduling policy name should match valid pattern", context)
        }
        guard input.quotaSharePolicy == nil else { throw BatchError.elsewhere("quota shares") }
        try PolicyRecord.check(input.fairsharePolicy, context)
        let settings: JSON = ["fairsharePolicy": input.fairsharePolicy ?? [:]]
        let (name, text, tags) = (input.name, settings.text(), (input.tags ?? [:]).text())
        return { transaction in
            guard try PolicyRecord.find(name, context, transaction.db) == nil else { throw BatchError.alreadyExists }
            try transaction.execute(
                "INSERT INTO batch_policy (account, region, name, settings, tags) VALUES (?, ?, ?, ?, ?)",
                context.account, context.region, name, text, tags)
            return ["name": .string(name), "arn": .string(ResourceKind.policy.arn(name, context))]
        }
    }
}
