import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Sets, raises or lowers the quantity of a consumable resource; never below 0.
/// Errors: ClientException. Source: Batch API reference, UpdateConsumableResource.
enum UpdateConsumableResource: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let consumableResource: String
        let operation: String?
        let quantity: Int?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let operation = input.operation ?? "SET"
        guard ["SET", "ADD", "REMOVE"].contains(operation) else {
            throw BatchError.executing("operation must be SET, ADD or REMOVE", context)
        }
        guard let quantity = input.quantity, quantity >= 0 else {
            throw BatchError.executing("quantity must be at least 0", context)
        }
        let batch = context.service(Batch.self)
        return { transaction in
            guard
                let record = try ConsumableRecord.find(
                    input.consumableResource, account: context.account, region: context.region, transaction.db)
            else { throw BatchError.missing(input.consumableResource) }
            let total =
                switch operation {
                case "ADD": record.total + quantity
                case "REMOVE": max(0, record.total - quantity)
                default: quantity
                }
            try transaction.execute("UPDATE batch_consumable SET total = ? WHERE id = ?", total, record.id)
            batch.changed(record, total: total, transaction)
            return [
                "consumableResourceName": .string(record.name), "consumableResourceArn": .string(record.arn),
                "totalQuantity": .number(total),
            ]
        }
    }
}
