public import Foundation

/// When something runs: `at(2030-01-01T00:00:00)`, `rate(5 minutes)` or `cron(0 12 * * ? *)`.
///
/// Rules of EventBridge have the last two, in UTC; schedules of Scheduler all three, in any zone.
public enum ScheduleExpression: Equatable, Sendable {
    case at(CivilTime)
    case rate(ms: Int64)
    case cron(CronExpression)

    /// nil for a text that is none.
    public init?(_ text: String) {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
        let inside = String(text[text.index(after: open)...].dropLast())
        switch text[..<open] {
        case "at":
            guard let time = CivilTime(inside) else { return nil }
            self = .at(time)
        case "rate":
            guard let ms = Self.rate(inside) else { return nil }
            self = .rate(ms: ms)
        case "cron":
            guard let cron = CronExpression(inside) else { return nil }
            self = .cron(cron)
        default: return nil
        }
    }

    private static let units: [(one: String, many: String, ms: Int64)] = [
        ("minute", "minutes", 60_000), ("hour", "hours", 3_600_000), ("day", "days", 86_400_000),
    ]

    /// One is singular, all others are plural.
    private static func rate(_ text: String) -> Int64? {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 2, let count = Int64(words[0]), count > 0, count < 1_000_000_000,
            let unit = units.first(where: { words[1] == (count == 1 ? $0.one : $0.many) })
        else { return nil }
        return count * unit.ms
    }

    /// The first time after `ms`; nil when there is none any more.
    /// - Parameter origin: where a rate counts from, in epoch milliseconds; it is a time of the rate itself.
    public func next(after ms: Int64, origin: Int64, in zone: TimeZone = .gmt) -> Int64? {
        switch self {
        case .at(let time): return time.ms(in: zone).flatMap { $0 > ms ? $0 : nil }
        case .rate(let period):
            guard ms >= origin else { return origin }
            return origin + ((ms - origin) / period + 1) * period
        case .cron(let cron): return cron.next(after: ms, in: zone)
        }
    }
}
