public import Foundation

/// A date and time of the Gregorian calendar without a zone.
public struct CivilTime: Equatable, Comparable, Sendable {
    public var year: Int
    /// 1–12.
    public var month: Int
    /// 1–31.
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Of seconds since 1970-01-01T00:00:00, taken as they are.
    public init(seconds: Int64) {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = Int(seconds - Int64(days) * 86_400)
        // Days since 0000-03-01, in eras of 400 years: the leap day is then the last of its year.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// `yyyy-MM-ddTHH:mm:ss`; nil for anything else and for days that do not exist.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 19 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(0) { sum, byte in
                guard let sum, (0x30...0x39).contains(byte) else { return nil }
                return sum * 10 + Int(byte - 0x30)
            }
        }
        let separators = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard separators.allSatisfy({ bytes[$0.0] == Array($0.1.utf8).first }), let year = number(0..<4),
            let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month),
            day >= 1, day <= Self.days(ofMonth: month, year: year), hour < 24, minute < 60, second < 60
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// Days since 1970-01-01.
    private var dayNumber: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Seconds since 1970-01-01T00:00:00, taken as it is.
    public var seconds: Int64 { Int64(dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60 + second) }

    /// 1 is Sunday, 7 Saturday.
    public var dayOfWeek: Int { ((dayNumber + 4) % 7 + 7) % 7 + 1 }

    public static func days(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    // MARK: Zones

    /// What a clock on the wall of this zone shows.
    public init(ms: Int64, in zone: TimeZone) {
        let seconds = Int64((Double(ms) / 1000).rounded(.down))
        self.init(seconds: seconds + Int64(Self.offset(seconds, zone)))
    }

    /// When a clock of this zone shows this time first; nil for a time that it leaps over in spring.
    public func ms(in zone: TimeZone) -> Int64? {
        let offsets = [Self.offset(seconds - 86_400, zone), Self.offset(seconds + 86_400, zone)]
        return offsets.map { (offset: $0, instant: seconds - Int64($0)) }
            .filter { Self.offset($0.instant, zone) == $0.offset }
            .map(\.instant).min().map { $0 * 1000 }
    }

    private static func offset(_ seconds: Int64, _ zone: TimeZone) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
    }
}
