/// Times as SNS writes them: `2012-04-26T20:45:04.751Z`.
enum Timestamp {
    /// - Parameter milliseconds: since 1970, not negative.
    static func text(_ milliseconds: Int64) -> String {
        let (days, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000)
        // Days are counted from 1 March of year 0, so that the leap day is the last day of its year.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let day = shifted % 146_097
        let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        let year = era * 400 + yearOfEra + (calendarMonth <= 2 ? 1 : 0)
        var text = ""
        text.reserveCapacity(24)
        append(year, 4, "-", to: &text)
        append(calendarMonth, 2, "-", to: &text)
        append(dayOfMonth, 2, "T", to: &text)
        append(rest / 3_600_000, 2, ":", to: &text)
        append(rest / 60_000 % 60, 2, ":", to: &text)
        append(rest / 1000 % 60, 2, ".", to: &text)
        append(rest % 1000, 3, "Z", to: &text)
        return text
    }

    private static func append(_ value: Int64, _ width: Int, _ end: Character, to text: inout String) {
        let digits = String(value)
        for _ in digits.utf8.count..<max(width, digits.utf8.count) { text.append("0") }
        text += digits
        text.append(end)
    }
}
