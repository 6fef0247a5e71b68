import AWSWire
import BatonCore
import BatonStore
import JSON

/// The next time of a schedule as a due row. With a flexible window the row is due somewhere inside of it.
///
/// Times that passed while Baton did not run are made up for once.
enum ScheduleTimer {
    static let once = "scheduler.once"
    /// A skipping clock does not jump to these, since they come again for ever.
    static let recurring = "scheduler.recurring"

    /// Sets the timer anew, for the first time after `ms`.
    /// - Returns: whether there is a next time.
    @discardableResult
    static func arm(_ schedule: Schedule, after ms: Int64, _ context: Context, _ transaction: Transaction) throws
        -> Bool
    {
        try disarm(schedule, transaction)
        guard let next = schedule.next(after: ms) else { return false }
        guard schedule.state == "ENABLED" else { return true }
        let delay = schedule.windowMs > 0 ? Int64(context.random.double() * Double(schedule.windowMs)) : 0
        let payload: JSON = [
            "group": .string(schedule.group), "name": .string(schedule.name), "time": .number(JSON.Number(next)),
        ]
        try transaction.schedule(
            schedule.isOnce ? once : recurring, atMs: next + delay, account: schedule.account, region: schedule.region,
            key: schedule.arn,
            payload: payload.text())
        return true
    }

    static func disarm(_ schedule: Schedule, _ transaction: Transaction) throws {
        for kind in [once, recurring] { try transaction.cancelDue(kind: kind, key: schedule.arn) }
    }

    /// Commits the call of the target together with the next time, or with the end of the schedule.
    static func handle(_ row: DueRow, _ context: Context) throws -> DueOutcome {
        let place = try JSON.parse(row.payload)
        let (group, name) = (place["group"]?.string ?? "", place["name"]?.string ?? "")
        let timeMs = Int64(place["time"]?.int ?? 0)
        let executionId = context.random.hex(16)
        return .commit { transaction in
            guard let schedule = try Schedule.find(name, group, context, transaction.db) else { return }
            try Invocation(
                schedule: schedule.arn, target: schedule.target, timeMs: timeMs, executionId: executionId,
                startedMs: transaction.nowMs
            ).schedule(atMs: transaction.nowMs, context, transaction)
            let goesOn = try arm(
                schedule, after: max(timeMs, transaction.nowMs - schedule.windowMs), context, transaction)
            if !goesOn, schedule.actionAfterCompletion == "DELETE" { try schedule.delete(transaction) }
        }
    }
}
