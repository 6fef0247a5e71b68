import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Creates a consumable resource, for example a number of licences.
/// Errors: ClientException. Source: Batch API reference, CreateConsumableResource.
enum CreateConsumableResource: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let consumableResourceName: String
        let totalQuantity: Int?
        let resourceType: String?
        let tags: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let name = input.consumableResourceName
        guard Naming.isValid(name) else {
            throw BatchError.executing("consumableResourceName should match valid pattern", context)
        }
        let type = input.resourceType ?? "REPLENISHABLE"
        guard ["REPLENISHABLE", "NON_REPLENISHABLE"].contains(type) else {
            throw BatchError.executing("resourceType must be REPLENISHABLE or NON_REPLENISHABLE", context)
        }
        guard let total = input.totalQuantity, total >= 0 else {
            throw BatchError.executing("totalQuantity must be at least 0", context)
        }
        let batch = context.service(Batch.self)
        let tags = (input.tags ?? [:]).text()
        return { transaction in
            let known = try ConsumableRecord.find(
                name, account: context.account, region: context.region, transaction.db)
            guard known == nil else { throw BatchError.alreadyExists }
            let row = try transaction.row(
                """
                INSERT INTO batch_consumable (account, region, name, type, total, created_ms, tags)
                VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *
                """, context.account, context.region, name, type, total, transaction.nowMs, tags)
            if let record = row.map(ConsumableRecord.init) { batch.changed(record, total: total, transaction) }
            return [
                "consumableResourceName": .string(name),
                "consumableResourceArn": .string(ResourceKind.consumable.arn(name, context)),
            ]
        }
    }
}
