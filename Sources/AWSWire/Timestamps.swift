import AWSModel
public import JSON

/// Points in time on the wire. In the tree of members they are numbers of epoch seconds with at most three decimals.
public enum Timestamp {
    /// The latest moment that is read or written: the end of the year 9999.
    private static let limitMs: Int64 = 253_402_300_799_999

    /// - Parameter text: epoch seconds (`1700000000.123`), ISO 8601 (`2023-11-14T22:13:20.123Z`, with offset, or a date
    ///   alone) or the date of HTTP (`Tue, 14 Nov 2023 22:13:20 GMT`).
    /// - Returns: epoch seconds, nil when the text is none of these.
    public static func parse(_ text: String) -> JSON.Number? { milliseconds(text).map(number) }

    /// Epoch seconds as a number of the tree.
    public static func number(_ milliseconds: Int64) -> JSON.Number {
        let fraction = abs(milliseconds % 1000)
        guard fraction != 0 else { return JSON.Number(milliseconds / 1000) }
        let sign = milliseconds < 0 ? "-" : ""
        var text = "\(sign)\(abs(milliseconds / 1000)).\(pad(fraction, 3))"
        while text.hasSuffix("0") { text.removeLast() }
        return JSON.Number(unchecked: text)
    }

    /// Epoch milliseconds of a number of the tree; nil outside of the years 1 to 9999.
    public static func milliseconds(_ seconds: JSON.Number) -> Int64? {
        if let whole = Int64(seconds.text) {
            return abs(whole) <= limitMs / 1000 ? whole * 1000 : nil
        }
        let value = (seconds.double * 1000).rounded()
        return abs(value) <= Double(limitMs) ? Int64(value) : nil
    }

    /// `2023-11-14T22:13:20Z`, with `.123` when there are milliseconds or `showsMilliseconds` asks for them.
    public static func iso8601(_ milliseconds: Int64, showsMilliseconds: Bool = false) -> String {
        let time = Civil(milliseconds)
        let fraction = showsMilliseconds || time.millisecond != 0 ? ".\(pad(time.millisecond, 3))" : ""
        return "\(pad(time.year, 4))-\(pad(time.month, 2))-\(pad(time.day, 2))T\(time.clock)\(fraction)Z"
    }

    /// `Tue, 14 Nov 2023 22:13:20 GMT`.
    public static func httpDate(_ milliseconds: Int64) -> String {
        let time = Civil(milliseconds)
        let weekday = days[Int((time.dayNumber % 7 + 11) % 7)]
        return "\(weekday), \(pad(time.day, 2)) \(months[Int(time.month - 1)]) \(pad(time.year, 4)) \(time.clock) GMT"
    }

    static func text(
        _ value: JSON.Number, _ format: TimestampFormat, showsMilliseconds: Bool = false
    ) -> String {
        guard format != .epochSeconds, let milliseconds = milliseconds(value) else { return value.text }
        return format == .iso8601
            ? iso8601(milliseconds, showsMilliseconds: showsMilliseconds) : httpDate(milliseconds)
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Year, month and so on of the proleptic Gregorian calendar, in UTC.
    private struct Civil {
        let dayNumber, year, month, day, hour, minute, second, millisecond: Int64

        init(_ milliseconds: Int64) {
            var days = milliseconds / 86_400_000
            var rest = milliseconds % 86_400_000
            if rest < 0 {
                rest += 86_400_000
                days -= 1
            }
            dayNumber = days
            hour = rest / 3_600_000
            minute = rest / 60_000 % 60
            second = rest / 1000 % 60
            millisecond = rest % 1000
            // Years start in March here, so that the leap day is the last of its year; eras have 400 years.
            let shifted = days + 719_468
            let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
            let dayOfEra = shifted - era * 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let marchMonth = (5 * dayOfYear + 2) / 153
            day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
            month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        }

        var clock: String { "\(pad(hour, 2)):\(pad(minute, 2)):\(pad(second, 2))" }
    }

    private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard year >= 1, year <= 9999, month >= 1, month <= 12, day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length: Int64 = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
        guard day <= length else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func milliseconds(_ text: String) -> Int64? {
        var reader = Reader(text)
        if let value = reader.isoDate() { return value }
        reader = Reader(text)
        if let value = reader.httpDate() { return value }
        guard !text.isEmpty, text.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || "+-.eE".utf8.contains($0) }),
            Double(text) != nil
        else { return nil }
        return milliseconds(JSON.Number(unchecked: text))
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var at = 0

        init(_ text: String) { bytes = Array(text.utf8.prefix(64)) }

        private mutating func digits(_ count: ClosedRange<Int>) -> Int64? {
            var value: Int64 = 0
            var read = 0
            while at < bytes.count, read < count.upperBound, bytes[at] >= 0x30, bytes[at] <= 0x39 {
                value = value * 10 + Int64(bytes[at] - 0x30)
                at += 1
                read += 1
            }
            return count.contains(read) ? value : nil
        }

        private mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
            at += 1
            return true
        }

        private mutating func word() -> String {
            let start = at
            while at < bytes.count, (bytes[at] | 0x20) >= 0x61, (bytes[at] | 0x20) <= 0x7A { at += 1 }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }

        /// `22:13:20`, seconds in milliseconds.
        private mutating func clock() -> Int64? {
            guard let hour = digits(2...2), hour < 24, skip(":"), let minute = digits(2...2), minute < 60, skip(":"),
                let second = digits(2...2), second <= 60
            else { return nil }
            return ((hour * 60 + minute) * 60 + second) * 1000
        }

        mutating func isoDate() -> Int64? {
            guard let year = digits(4...4), skip("-"), let month = digits(2...2), skip("-"), let day = digits(2...2),
                let date = Timestamp.dayNumber(year: year, month: month, day: day)
            else { return nil }
            let midnight = date * 86_400_000
            if at == bytes.count { return midnight }
            guard skip("T") || skip("t") || skip(" "), var time = clock() else { return nil }
            if skip(".") {
                let start = at
                guard digits(1...18) != nil else { return nil }
                var scale: Int64 = 100
                for digit in bytes[start..<at].prefix(3) {
                    time += Int64(digit - 0x30) * scale
                    scale /= 10
                }
            }
            if at < bytes.count, !skip("Z"), !skip("z") {
                let sign: Int64 = skip("+") ? -1 : 1
                guard sign == -1 || skip("-"), let hours = digits(2...2) else { return nil }
                _ = skip(":")
                guard let minutes = digits(2...2) else { return nil }
                time += sign * (hours * 60 + minutes) * 60_000
            }
            return at == bytes.count ? midnight + time : nil
        }

        mutating func httpDate() -> Int64? {
            guard !word().isEmpty, skip(","), skip(" "), let day = digits(1...2), skip(" ") || skip("-") else {
                return nil
            }
            let name = word()
            guard let month = Timestamp.months.firstIndex(of: name), skip(" ") || skip("-"),
                let year = digits(4...4), skip(" "), let time = clock(), skip(" "), word() == "GMT", at == bytes.count,
                let date = Timestamp.dayNumber(year: year, month: Int64(month + 1), day: day)
            else { return nil }
            return date * 86_400_000 + time
        }
    }
}
