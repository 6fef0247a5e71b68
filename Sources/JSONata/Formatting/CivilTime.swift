/// A point in time on the calendar, in UTC. Days are counted in the proleptic Gregorian calendar.
struct CivilTime {
    static let dayMs = 86_400_000
    /// The farthest that JavaScript's dates go, milliseconds from 1970.
    static let farthest = 8.64e15

    let ms: Int
    let year: Int
    /// 1 to 12.
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let millisecond: Int

    init(ms: Int) {
        self.ms = ms
        let days = Self.floor(ms, Self.dayMs)
        let rest = ms - days * Self.dayMs
        (year, month, day) = Self.date(days)
        hour = rest / 3_600_000
        minute = rest / 60_000 % 60
        second = rest / 1_000 % 60
        millisecond = rest % 1_000
    }

    private static func floor(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    /// Monday is 1, Sunday 7.
    var weekday: Int {
        let days = Self.floor(ms, Self.dayMs) + 3
        return days - Self.floor(days, 7) * 7 + 1
    }

    /// Midnight of a day. Months and days outside of their range count on.
    static func ms(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let months = year * 12 + month - 1
        let year = floor(months, 12)
        return (days(year, months - year * 12 + 1) + day - 1) * dayMs
    }

    /// Days from 1970 to the first of a month. Years begin in March here, so that the leap day is the last.
    private static func days(_ year: Int, _ month: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = floor(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
    }

    // MARK: - Weeks

    /// The Monday of the first week: the one with the first Thursday, of a year or of a month.
    private static func firstWeek(_ year: Int, _ month: Int) -> Int {
        let first = CivilTime(ms: ms(year, month, 1))
        let weekday = first.weekday
        return first.ms + (weekday > 4 ? 8 - weekday : 1 - weekday) * dayMs
    }

    private var midnight: Int { Self.floor(ms, Self.dayMs) * Self.dayMs }

    private func week(since start: Int) -> Int { Self.floor(midnight - start, 7 * Self.dayMs) + 1 }

    var dayOfYear: Int { (midnight - Self.ms(year, 1, 1)) / Self.dayMs + 1 }

    var weekOfYear: Int {
        if midnight >= Self.firstWeek(year + 1, 1) { return 1 }
        let week = week(since: Self.firstWeek(year, 1))
        return week < 1 ? self.week(since: Self.firstWeek(year - 1, 1)) : week
    }

    var weekOfMonth: Int {
        if midnight >= Self.firstWeek(year, month + 1) { return 1 }
        let week = week(since: Self.firstWeek(year, month))
        return week < 1 ? self.week(since: Self.firstWeek(year, month - 1)) : week
    }

    /// The year to which the week belongs.
    var weekYear: Int {
        ms < Self.firstWeek(year, 1) ? year - 1 : ms >= Self.firstWeek(year + 1, 1) ? year + 1 : year
    }

    /// The month to which the week belongs.
    var weekMonth: Int {
        if ms < Self.firstWeek(year, month) { return month == 1 ? 12 : month - 1 }
        return ms >= Self.firstWeek(year, month + 1) ? month % 12 + 1 : month
    }
}
