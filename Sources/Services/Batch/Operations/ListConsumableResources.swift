import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists consumable resources, all or those whose name a filter matches.
/// Errors: ClientException. Source: Batch API reference, ListConsumableResources.
enum ListConsumableResources: Operation {
    struct Input: Decodable, Sendable {
        let filters: [JSON]?
        let maxResults: Int?
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        var patterns: [String]?
        if let filter = input.filters?.first {
            guard filter["name"]?.string == "CONSUMABLE_RESOURCE_NAME" else {
                throw BatchError.executing("Unknown filter \(filter["name"]?.string ?? "")", context)
            }
            patterns = (filter["values"]?.array ?? []).compactMap(\.string)
        }
        let place = try Page.after(input.nextToken)?["id"]?.int ?? 0
        let size = Page.size(input.maxResults)
        let batch = context.service(Batch.self)
        let rows = try context.read { db in
            try db.rows(
                "SELECT * FROM batch_consumable WHERE account = ? AND region = ? AND id > ? ORDER BY id",
                context.account, context.region, place
            ).map(ConsumableRecord.init)
        }.filter { record in
            patterns?.contains { RetryStrategy.matches(record.name, pattern: $0) } ?? true
        }
        let last = rows.count > size ? rows[size - 1].id : nil
        return JSON.members([
            (
                "consumableResources",
                .array(
                    rows.prefix(size).map { record in
                        [
                            "consumableResourceName": .string(record.name),
                            "consumableResourceArn": .string(record.arn), "totalQuantity": .number(record.total),
                            "inUseQuantity": .number(batch.inUse(record)), "resourceType": .string(record.type),
                        ]
                    })
            ), ("nextToken", last.map { .string(PageToken.encode(["id": .number(Int($0))])) }),
        ])
    }
}
