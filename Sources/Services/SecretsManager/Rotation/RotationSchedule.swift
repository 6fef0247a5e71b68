import AWSWire
import BatonCore
import Foundation
import JSON

/// When a secret is rotated, in UTC: windows of some hours, at the start of each of which Baton rotates.
///
/// Source: user guide, rotation schedules; API reference, RotationRulesType. Assumed: the texts of the errors.
struct RotationSchedule: Equatable, Sendable {
    private enum Recurrence: Equatable {
        /// Windows start at midnight and then every so often.
        case everyMs(Int64)
        case cron(CronExpression)
    }
    private let recurrence: Recurrence
    /// nil: until the end of the day.
    private let durationMs: Int64?

    /// - Throws: InvalidParameterException.
    init?(_ rules: JSON) throws(AWSError) {
        let days = rules["AutomaticallyAfterDays"]?.int
        let expression = rules["ScheduleExpression"]?.string
        let hours = rules["Duration"]?.string.flatMap { Int64($0.dropLast()) }
        switch (days, expression) {
        case (.some, .some):
            throw SecretsManagerError.parameter(
                "You can't specify both AutomaticallyAfterDays and ScheduleExpression.")
        case (.some(let days), nil):
            recurrence = .everyMs(Int64(days) * Limits.dayMs)
            durationMs = hours.map { $0 * Limits.hourMs }
        case (nil, .some(let text)):
            let isHourly: Bool
            (recurrence, isHourly) = try Self.recurrence(text)
            durationMs = hours.map { $0 * Limits.hourMs } ?? (isHourly ? Limits.hourMs : nil)
        default: return nil
        }
        guard (durationMs ?? Limits.hourMs) <= Limits.dayMs, durationMs != 0 else {
            throw SecretsManagerError.parameter("The rotation window must be between 1 and 24 hours.")
        }
    }

    private static func recurrence(_ text: String) throws(AWSError) -> (Recurrence, isHourly: Bool) {
        let least: Int64 = 4 * Limits.hourMs
        switch ScheduleExpression(text) {
        case .rate(let ms) where ms >= least && !text.contains("minute"):
            return (.everyMs(ms), text.contains("hour"))
        case .cron(let cron):
            let fields = text.dropFirst("cron(".count).dropLast().split(separator: " ")
            // The minutes of rotations are always 0; more often than every four hours is refused with rates only.
            if fields.first == "0" { return (.cron(cron), fields[1].contains { !$0.isNumber }) }
        default: break
        }
        throw SecretsManagerError.parameter("Invalid ScheduleExpression: \(text)")
    }

    /// The first window that starts after `ms`.
    /// - Parameter originMs: from when a rate counts: the last rotation.
    func window(after ms: Int64, originMs: Int64) -> Range<Int64>? {
        let start: Int64
        switch recurrence {
        case .everyMs(let period):
            let midnight = originMs / Limits.dayMs * Limits.dayMs
            start = midnight + max(1, (ms - midnight) / period + 1) * period
        case .cron(let cron):
            guard let next = cron.next(after: ms, in: .gmt) else { return nil }
            start = next
        }
        let endOfDay = (start / Limits.dayMs + 1) * Limits.dayMs
        return start..<(durationMs.map { start + $0 } ?? endOfDay)
    }
}
