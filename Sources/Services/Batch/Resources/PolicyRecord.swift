import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A scheduling policy: how the shares of a queue take turns.
struct PolicyRecord: Sendable {
    let account: String
    let region: String
    let name: String
    let settings: JSON
    let tags: JSON

    init(_ row: Row) {
        account = row["account"]
        region = row["region"]
        name = row["name"]
        settings = JSON.stored(row["settings"])
        tags = JSON.stored(row["tags"])
    }

    var arn: String { ResourceKind.policy.arn(name, account: account, region: region) }

    /// As DescribeSchedulingPolicies shows it.
    var detail: JSON {
        [
            "name": .string(name), "arn": .string(arn), "fairsharePolicy": settings["fairsharePolicy"] ?? [:],
            "tags": tags,
        ]
    }

    static func find(_ text: String, _ context: Context, _ db: Database) throws -> PolicyRecord? {
        try db.row(
            "SELECT * FROM batch_policy WHERE account = ? AND region = ? AND name = ?", context.account,
            context.region, ResourceKind.policy.name(text)
        ).map(PolicyRecord.init)
    }

    static func queues(_ arn: String, _ context: Context, _ db: Database) throws -> [QueueRecord] {
        try db.rows(
            "SELECT * FROM batch_queue WHERE account = ? AND region = ? AND policy = ?", context.account,
            context.region, arn
        ).map(QueueRecord.init)
    }

    /// The bounds of the API reference's FairsharePolicy.
    static func check(_ policy: JSON?, _ context: Context) throws(AWSError) {
        guard let policy else { return }
        if let seconds = policy["shareDecaySeconds"]?.int, !(0...604_800).contains(seconds) {
            throw BatchError.executing("shareDecaySeconds must be between 0 and 604800", context)
        }
        if let percent = policy["computeReservation"]?.int, !(0...99).contains(percent) {
            throw BatchError.executing("computeReservation must be between 0 and 99", context)
        }
        let shares = policy["shareDistribution"]?.array ?? []
        guard shares.count <= 500 else {
            throw BatchError.executing("A fair-share policy can have at most 500 share identifiers", context)
        }
        for share in shares {
            if let factor = share["weightFactor"]?.double, !(0.0001...999.9999).contains(factor) {
                throw BatchError.executing("weightFactor must be between 0.0001 and 999.9999", context)
            }
        }
    }
}
