import AWSWire
import BatonCore
import BatonStore
import Foundation
import GRDB
import JSON

/// When which target is called.
struct Schedule: Codable, Equatable, Sendable {
    let account: String
    let region: String
    let group: String
    let name: String
    var description: String?
    var expression: String
    /// An IANA name; UTC unless given.
    var timezone: String
    var startMs: Int64?
    var endMs: Int64?
    var state: String
    /// `{Mode, MaximumWindowInMinutes}`.
    var window: JSON
    var kmsKeyArn: String?
    var actionAfterCompletion: String
    /// The member tree of the API's Target.
    var target: JSON
    /// Where a rate counts from.
    var originMs: Int64
    let createdMs: Int64
    var modifiedMs: Int64
    /// Of the request that made it.
    var clientToken: String?

    var arn: String {
        ARN(service: "scheduler", region: region, account: account, resource: "schedule/\(group)/\(name)").description
    }

    var isOnce: Bool { expression.hasPrefix("at(") }

    var windowMs: Int64 {
        window["Mode"]?.string == "FLEXIBLE" ? Int64(window["MaximumWindowInMinutes"]?.int ?? 0) * 60_000 : 0
    }

    /// The first time after `ms` at which it may run. One-time schedules do not look at start and end.
    func next(after ms: Int64) -> Int64? {
        guard let expression = ScheduleExpression(expression), let zone = TimeZone(identifier: timezone) else {
            return nil
        }
        if case .at = expression { return expression.next(after: ms, origin: originMs, in: zone) }
        let from = max(ms, (startMs ?? 0) - 1)
        guard let next = expression.next(after: from, origin: originMs, in: zone) else { return nil }
        return next > endMs ?? .max ? nil : next
    }

    // MARK: Rows

    static func find(_ name: String, _ group: String, _ context: Context, _ db: Database) throws -> Schedule? {
        try db.row(
            "SELECT body FROM scheduler_schedule WHERE account = ? AND region = ? AND group_name = ? AND name = ?",
            context.account, context.region, group, name
        ).map { try JSON.parse($0["body"] as String).decoded() }
    }

    /// - Throws: ResourceNotFoundException.
    static func require(_ name: String, _ group: String?, _ context: Context, _ db: Database) throws -> Schedule {
        let group = group ?? ScheduleGroup.defaultName
        guard let schedule = try find(name, group, context, db) else { throw SchedulerError.noSchedule(name) }
        return schedule
    }

    func save(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT OR REPLACE INTO scheduler_schedule (account, region, group_name, name, body) VALUES (?, ?, ?, ?, ?)
            """, account, region, group, name, try JSON(encoding: self).text())
    }

    func delete(_ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM scheduler_schedule WHERE account = ? AND region = ? AND group_name = ? AND name = ?", account,
            region, group, name)
        try ScheduleTimer.disarm(self, transaction)
    }

    // MARK: What callers see

    var listed: JSON {
        [
            "Arn": .string(arn), "Name": .string(name), "GroupName": .string(group), "State": .string(state),
            "CreationDate": .number(Timestamp.number(createdMs)),
            "LastModificationDate": .number(Timestamp.number(modifiedMs)),
            "Target": ["Arn": target["Arn"] ?? ""],
        ]
    }

    var described: JSON {
        var result = listed
        result["Target"] = target
        result["ActionAfterCompletion"] = .string(actionAfterCompletion)
        result["FlexibleTimeWindow"] = window
        result["ScheduleExpression"] = .string(expression)
        result["ScheduleExpressionTimezone"] = .string(timezone)
        result["Description"] = description.map { .string($0) }
        result["StartDate"] = startMs.map { .number(Timestamp.number($0)) }
        result["EndDate"] = endMs.map { .number(Timestamp.number($0)) }
        result["KmsKeyArn"] = kmsKeyArn.map { .string($0) }
        return result
    }
}
