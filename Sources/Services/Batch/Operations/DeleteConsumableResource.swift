import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Deletes a consumable resource. Jobs that wait for it wait on.
/// Errors: ClientException. Source: Batch API reference, DeleteConsumableResource.
enum DeleteConsumableResource: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable { let consumableResource: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let batch = context.service(Batch.self)
        return { transaction in
            guard
                let record = try ConsumableRecord.find(
                    input.consumableResource, account: context.account, region: context.region, transaction.db)
            else { throw BatchError.missing(input.consumableResource) }
            try transaction.execute("DELETE FROM batch_consumable WHERE id = ?", record.id)
            batch.changed(record, total: nil, transaction)
            return Nothing()
        }
    }
}
