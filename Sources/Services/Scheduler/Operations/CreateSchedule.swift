import AWSWire
import BatonCore
import BatonStore
import JSON

/// Creates a schedule. A repeated request with the same token is answered as the first.
///
/// Assumed: a rate without a start date runs first at once. Errors: ConflictException, ResourceNotFoundException,
/// ValidationException. Source: API reference, CreateSchedule.
enum CreateSchedule: WriteOperation {
    typealias Input = ScheduleInput
    struct Output: Encodable, Sendable { let scheduleArn: String }

    static func prepare(_ input: ScheduleInput, _ context: Context) throws(AWSError) -> Write<Output> {
        let schedule = try input.schedule(context)
        return { transaction in
            _ = try ScheduleGroup.require(schedule.group, context, transaction.db)
            if let existing = try Schedule.find(schedule.name, schedule.group, context, transaction.db) {
                guard let token = schedule.clientToken, existing.clientToken == token else {
                    throw SchedulerError.scheduleExists(schedule.name)
                }
                return Output(scheduleArn: existing.arn)
            }
            try schedule.save(transaction)
            let isRate = if case .rate = ScheduleExpression(schedule.expression) { true } else { false }
            try ScheduleTimer.arm(
                schedule, after: isRate ? schedule.originMs - 1 : transaction.nowMs, context, transaction)
            return Output(scheduleArn: schedule.arn)
        }
    }
}
