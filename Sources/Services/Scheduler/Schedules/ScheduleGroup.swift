import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A label of a group.
struct Tag: Codable, Equatable, Sendable {
    let key: String
    let value: String

    static func merged(_ tags: [Tag], _ changes: [Tag]) throws(AWSError) -> [Tag] {
        let changed = Set(changes.map(\.key))
        let result = tags.filter { !changed.contains($0.key) } + changes
        guard result.count <= 200 else { throw SchedulerError.validation("A schedule group has 200 tags at most.") }
        return result
    }
}

/// A named set of schedules. The one named `default` exists everywhere and has no row.
struct ScheduleGroup: Codable, Equatable, Sendable {
    static let defaultName = "default"

    let account: String
    let region: String
    let name: String
    var tags: [Tag] = []
    var createdMs: Int64 = 0
    var modifiedMs: Int64 = 0
    var clientToken: String?

    var arn: String {
        ARN(service: "scheduler", region: region, account: account, resource: "schedule-group/\(name)").description
    }

    static func find(_ name: String, _ context: Context, _ db: Database) throws -> ScheduleGroup? {
        let row = try db.row(
            "SELECT body FROM scheduler_group WHERE account = ? AND region = ? AND name = ?", context.account,
            context.region, name)
        if let row { return try JSON.parse(row["body"] as String).decoded() }
        return name == defaultName
            ? ScheduleGroup(account: context.account, region: context.region, name: name) : nil
    }

    /// - Throws: ResourceNotFoundException.
    static func require(_ name: String, _ context: Context, _ db: Database) throws -> ScheduleGroup {
        guard let group = try find(name, context, db) else { throw SchedulerError.noGroup(name) }
        return group
    }

    /// - Parameter arn: only of the caller's account and region.
    static func require(arn: String, _ context: Context, _ db: Database) throws -> ScheduleGroup {
        try require(String(ARN(arn)?.resource.dropFirst("schedule-group/".count) ?? ""), context, db)
    }

    func save(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO scheduler_group (account, region, name, body) VALUES (?, ?, ?, ?)", account, region,
            name, try JSON(encoding: self).text())
    }

    var described: JSON {
        [
            "Arn": .string(arn), "Name": .string(name), "State": "ACTIVE",
            "CreationDate": .number(Timestamp.number(createdMs)),
            "LastModificationDate": .number(Timestamp.number(modifiedMs)),
        ]
    }
}
