import AWSWire
import BatonCore
import Foundation
import JSON

/// What CreateSchedule and UpdateSchedule take; an update replaces everything.
struct ScheduleInput: Decodable, Sendable {
    let name: String
    let groupName: String?
    let scheduleExpression: String
    let scheduleExpressionTimezone: String?
    let startDate: JSON?
    let endDate: JSON?
    let description: String?
    let state: String?
    let flexibleTimeWindow: JSON
    let kmsKeyArn: String?
    let actionAfterCompletion: String?
    let target: JSON
    let clientToken: String?

    var group: String { groupName ?? ScheduleGroup.defaultName }

    /// Source: user guide, schedule types. Assumed: the texts for zone, window, dates and target.
    func schedule(_ context: Context) throws(AWSError) -> Schedule {
        let nowMs = context.nowMs
        let zone = scheduleExpressionTimezone ?? "UTC"
        guard ScheduleExpression(scheduleExpression) != nil else {
            throw SchedulerError.validation("Invalid Schedule Expression \(scheduleExpression).")
        }
        guard TimeZone(identifier: zone) != nil else {
            throw SchedulerError.validation("Invalid ScheduleExpressionTimezone \(zone).")
        }
        if flexibleTimeWindow["Mode"]?.string == "FLEXIBLE" {
            guard flexibleTimeWindow["MaximumWindowInMinutes"] != nil else {
                throw SchedulerError.validation("MaximumWindowInMinutes must be specified for the mode FLEXIBLE.")
            }
        } else if flexibleTimeWindow["MaximumWindowInMinutes"] != nil {
            throw SchedulerError.validation("MaximumWindowInMinutes must not be specified for the mode OFF.")
        }
        let (startMs, endMs) = (Self.milliseconds(startDate), Self.milliseconds(endDate))
        if let startMs, startMs < nowMs - 300_000 {
            throw SchedulerError.validation("The StartDate you specify cannot be earlier than 5 minutes ago.")
        }
        if let endMs, endMs <= max(nowMs, startMs ?? 0) {
            throw SchedulerError.validation(
                "The EndDate you specify must come after the StartDate and be in the future.")
        }
        _ = try TargetCall(target, input: target["Input"]?.string ?? "{}", context)
        return Schedule(
            account: context.account, region: context.region, group: group, name: name, description: description,
            expression: scheduleExpression, timezone: zone, startMs: startMs, endMs: endMs, state: state ?? "ENABLED",
            window: flexibleTimeWindow, kmsKeyArn: kmsKeyArn, actionAfterCompletion: actionAfterCompletion ?? "NONE",
            target: filled, originMs: startMs ?? nowMs, createdMs: nowMs, modifiedMs: nowMs, clientToken: clientToken)
    }

    /// The target with the retry policy that it has when none is given.
    private var filled: JSON {
        var target = target
        var policy = target["RetryPolicy"] ?? [:]
        policy["MaximumEventAgeInSeconds"] = policy["MaximumEventAgeInSeconds"] ?? 86_400
        policy["MaximumRetryAttempts"] = policy["MaximumRetryAttempts"] ?? 185
        target["RetryPolicy"] = policy
        return target
    }

    private static func milliseconds(_ time: JSON?) -> Int64? {
        guard case .number(let number) = time else { return nil }
        return Timestamp.milliseconds(number)
    }
}
