import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Something that jobs need besides a machine, such as licences. What is REPLENISHABLE comes back with the end of the
/// job; of what is NON_REPLENISHABLE, `total` is what is left.
struct ConsumableRecord: Sendable {
    let id: Int64
    let account: String
    let region: String
    let name: String
    let type: String
    var total: Int
    let createdMs: Int64
    let tags: JSON

    init(_ row: Row) {
        id = row["id"]
        account = row["account"]
        region = row["region"]
        name = row["name"]
        type = row["type"]
        total = row["total"]
        createdMs = row["created_ms"]
        tags = JSON.stored(row["tags"])
    }

    var arn: String { ResourceKind.consumable.arn(name, account: account, region: region) }
    var isReplenishable: Bool { type == "REPLENISHABLE" }

    static func find(_ text: String, account: String, region: String, _ db: Database) throws -> ConsumableRecord? {
        try db.row(
            "SELECT * FROM batch_consumable WHERE account = ? AND region = ? AND name = ?", account, region,
            ResourceKind.consumable.name(text)
        ).map(ConsumableRecord.init)
    }
}

extension Batch {
    func changed(_ resource: ConsumableRecord, total: Int?, _ transaction: Transaction) {
        transaction.afterCommit { [weak self] in
            self?.dispatcher.configure {
                $0.set(consumable: resource.id, total: total, isReplenishable: resource.isReplenishable)
            }
        }
    }

    func inUse(_ resource: ConsumableRecord) -> Int { dispatcher.look { $0.inUse(consumable: resource.id) } }
}
