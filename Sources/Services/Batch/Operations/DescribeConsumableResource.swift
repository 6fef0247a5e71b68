import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Shows a consumable resource with what of it is in use.
/// Errors: ClientException. Source: Batch API reference, DescribeConsumableResource.
enum DescribeConsumableResource: Operation {
    struct Input: Decodable, Sendable { let consumableResource: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let record = try context.read { db in
            try ConsumableRecord.find(
                input.consumableResource, account: context.account, region: context.region, db)
        }
        guard let record else { throw BatchError.missing(input.consumableResource) }
        let used = context.service(Batch.self).inUse(record)
        return [
            "consumableResourceName": .string(record.name), "consumableResourceArn": .string(record.arn),
            "totalQuantity": .number(record.total), "inUseQuantity": .number(used),
            "availableQuantity": .number(max(0, record.total - used)), "resourceType": .string(record.type),
            "createdAt": .number(Int(record.createdMs)), "tags": record.tags,
        ]
    }
}
