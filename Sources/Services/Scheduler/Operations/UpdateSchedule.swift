import AWSWire
import BatonCore
import BatonStore
import JSON

/// Replaces all of a schedule: what is not given gets its default.
///
/// Assumed: a rate goes on counting where it did, unless the expression or the start date changes. Errors:
/// ResourceNotFoundException, ValidationException. Source: API reference, UpdateSchedule.
enum UpdateSchedule: WriteOperation {
    typealias Input = ScheduleInput
    struct Output: Encodable, Sendable { let scheduleArn: String }

    static func prepare(_ input: ScheduleInput, _ context: Context) throws(AWSError) -> Write<Output> {
        let given = try input.schedule(context)
        return { transaction in
            let old = try Schedule.require(given.name, given.group, context, transaction.db)
            let keeps = old.expression == given.expression && old.startMs == given.startMs
            let schedule = Schedule(
                account: old.account, region: old.region, group: old.group, name: old.name,
                description: given.description, expression: given.expression, timezone: given.timezone,
                startMs: given.startMs, endMs: given.endMs, state: given.state, window: given.window,
                kmsKeyArn: given.kmsKeyArn, actionAfterCompletion: given.actionAfterCompletion, target: given.target,
                originMs: keeps ? old.originMs : given.originMs, createdMs: old.createdMs,
                modifiedMs: transaction.nowMs, clientToken: old.clientToken)
            try schedule.save(transaction)
            try ScheduleTimer.arm(schedule, after: transaction.nowMs, context, transaction)
            return Output(scheduleArn: schedule.arn)
        }
    }
}
