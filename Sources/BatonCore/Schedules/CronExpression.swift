public import Foundation

/// `minutes hours day-of-month month day-of-week year`, as EventBridge and Scheduler have it: exactly one of the two
/// days is `?`.
///
/// Fields take values, names, lists, ranges and steps; days of the month also `L`, `L-3`, `15W`, `LW`; days of the week
/// (1 is Sunday) also `L`, `6L` and `3#2`. Years: 1970–2199. Source: EventBridge and Scheduler user guides, cron
/// expressions.
public struct CronExpression: Equatable, Sendable {
    private let minutes: [Int]
    private let hours: [Int]
    private let days: DayRule
    private let months: Set<Int>
    private let years: Set<Int>

    /// nil for a text that is none; without `cron(` and `)`.
    public init?(_ text: String) {
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map { $0.uppercased() }
        guard fields.count == 6, let minutes = CronField(0...59).values(fields[0]),
            let hours = CronField(0...23).values(fields[1]),
            let months = CronField(1...12, names: CronField.months).values(fields[3]),
            let years = CronField(1970...2199).values(fields[5]), let days = DayRule(fields[2], fields[4])
        else { return nil }
        (self.minutes, self.hours, self.days) = (minutes, hours, days)
        (self.months, self.years) = (Set(months), Set(years))
    }

    /// The first time after `ms`; nil when there is none any more.
    ///
    /// A time that a zone leaps over in spring is skipped; one that comes twice in autumn counts once.
    public func next(after ms: Int64, in zone: TimeZone) -> Int64? {
        let start = CivilTime(ms: ms, in: zone)
        // The clock may have been set back since: the same wall times must then not be found again.
        var (year, month, firstDay) = (start.year, start.month, start.day)
        while year <= 2199 {
            if years.contains(year), months.contains(month) {
                let last = CivilTime.days(ofMonth: month, year: year)
                for day in stride(from: firstDay, through: last, by: 1) {
                    let date = CivilTime(year: year, month: month, day: day)
                    guard days.includes(date) else { continue }
                    if let found = time(on: date, notBefore: start, after: ms, zone) { return found }
                }
            }
            (month, firstDay) = (month % 12 + 1, 1)
            if month == 1 { year += 1 }
        }
        return nil
    }

    private func time(on date: CivilTime, notBefore start: CivilTime, after ms: Int64, _ zone: TimeZone) -> Int64? {
        for hour in hours {
            for minute in minutes {
                var time = date
                (time.hour, time.minute) = (hour, minute)
                guard time >= start || start.seconds - time.seconds < 60 else { continue }
                if let found = time.ms(in: zone), found > ms { return found }
            }
        }
        return nil
    }
}

/// The days that a cron expression means.
private enum DayRule: Equatable, Sendable {
    case ofMonth(values: Set<Int>, fromLast: Set<Int>, nearWeekday: Set<Int>, lastWeekday: Bool)
    case ofWeek(values: Set<Int>, last: Set<Int>, numbered: [[Int]])

    init?(_ ofMonth: String, _ ofWeek: String) {
        switch (ofMonth, ofWeek) {
        case ("?", "?"): return nil
        case (let text, "?"): self.init(ofMonth: text)
        case ("?", let text): self.init(ofWeek: text)
        default: return nil
        }
    }

    private init?(ofMonth text: String) {
        var (values, fromLast, near, lastWeekday) = (Set<Int>(), Set<Int>(), Set<Int>(), false)
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if part == "L" {
                fromLast.insert(0)
            } else if part == "LW" || part == "WL" {
                lastWeekday = true
            } else if part.hasPrefix("L-") {
                guard let before = Int(part.dropFirst(2)), (0...30).contains(before) else { return nil }
                fromLast.insert(before)
            } else if part.hasSuffix("W") {
                guard let day = Int(part.dropLast()), (1...31).contains(day) else { return nil }
                near.insert(day)
            } else {
                guard let found = CronField(1...31).values(part) else { return nil }
                values.formUnion(found)
            }
        }
        self = .ofMonth(values: values, fromLast: fromLast, nearWeekday: near, lastWeekday: lastWeekday)
    }

    private init?(ofWeek text: String) {
        let field = CronField(1...7, names: CronField.weekdays)
        var (values, last, numbered) = (Set<Int>(), Set<Int>(), [[Int]]())
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if part == "L" {
                values.insert(7)
            } else if part.hasSuffix("L") {
                guard let day = field.value(String(part.dropLast())) else { return nil }
                last.insert(day)
            } else if let mark = part.firstIndex(of: "#") {
                guard let day = field.value(String(part[..<mark])), let number = Int(part[part.index(after: mark)...]),
                    (1...5).contains(number)
                else { return nil }
                numbered.append([day, number])
            } else {
                guard let found = field.values(part) else { return nil }
                values.formUnion(found)
            }
        }
        self = .ofWeek(values: values, last: last, numbered: numbered)
    }

    func includes(_ date: CivilTime) -> Bool {
        let lastDay = CivilTime.days(ofMonth: date.month, year: date.year)
        switch self {
        case .ofMonth(let values, let fromLast, let near, let lastWeekday):
            return values.contains(date.day) || fromLast.contains(lastDay - date.day)
                || near.contains { $0 <= lastDay && Self.weekday(nearest: $0, date) == date.day }
                || (lastWeekday && Self.weekday(nearest: lastDay, date) == date.day)
        case .ofWeek(let values, let last, let numbered):
            let day = date.dayOfWeek
            return values.contains(day) || (last.contains(day) && date.day > lastDay - 7)
                || numbered.contains { $0 == [day, (date.day + 6) / 7] }
        }
    }

    /// The weekday of the same month that is nearest to `day`.
    private static func weekday(nearest day: Int, _ date: CivilTime) -> Int {
        let last = CivilTime.days(ofMonth: date.month, year: date.year)
        switch CivilTime(year: date.year, month: date.month, day: day).dayOfWeek {
        case 7: return day > 1 ? day - 1 : day + 2
        case 1: return day < last ? day + 1 : day - 2
        default: return day
        }
    }
}

/// One field: values, names, lists, ranges (which may wrap around) and steps.
struct CronField {
    let range: ClosedRange<Int>
    let names: [String]

    static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    static let weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    init(_ range: ClosedRange<Int>, names: [String] = []) {
        self.range = range
        self.names = names
    }

    func value(_ text: String) -> Int? {
        if let index = names.firstIndex(of: text) { return range.lowerBound + index }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text), range.contains(value) else {
            return nil
        }
        return value
    }

    /// In ascending order; nil when the text is not of this field.
    func values(_ text: String) -> [Int]? {
        var found: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let values = self.part(String(part)) else { return nil }
            found.formUnion(values)
        }
        return found.sorted()
    }

    private func part(_ text: String) -> [Int]? {
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count <= 2, let base = pieces.first else { return nil }
        var step = 1
        if pieces.count == 2 {
            guard let given = Int(pieces[1]), given >= 1, given <= max(range.upperBound, 1) else { return nil }
            step = given
        }
        if base == "*" { return Array(stride(from: range.lowerBound, through: range.upperBound, by: step)) }
        let ends = base.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count <= 2, let first = ends.first.flatMap(value) else { return nil }
        guard ends.count == 2 else {
            return pieces.count == 2 ? Array(stride(from: first, through: range.upperBound, by: step)) : [first]
        }
        guard let last = value(ends[1]) else { return nil }
        let end = last >= first ? last : last + range.count
        return stride(from: first, through: end, by: step).map { $0 > range.upperBound ? $0 - range.count : $0 }
    }
}
