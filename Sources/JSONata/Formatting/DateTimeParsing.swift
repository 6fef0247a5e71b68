extension DateTimePicture {
    /// Reads a timestamp. What the picture leaves out on the left is that of now, on the right the earliest.
    /// - Returns: nil when the text does not look like the picture.
    func parse(_ text: String, _ machine: Machine) throws(Failure) -> Double? {
        var pattern = "^"
        for part in parts { pattern += "(" + (try part.pattern()) + ")" }
        let regex = try Regex(Array((pattern + "$").utf16), .ignoreCase, position: 0)
        let subject = Subject(text)
        guard let match = try RegexMatcher.first(regex, subject, from: 0, machine) else { return nil }
        var values: [Character: Int] = [:]
        for (index, part) in parts.enumerated() {
            guard case .marker(let marker) = part, let bounds = match.bounds[index + 1],
                let value = try marker.read(subject.text(bounds.start, bounds.end))
            else { continue }
            values[marker.component] = value
        }
        if values.isEmpty { return nil }
        return try Self.ms(values, CivilTime(ms: Int(machine.environment.nowMs)))
    }

    /// A date is given by year, month and day, or by year and day of the year; a time by 24 hours, or by 12 and am or pm.
    private static func ms(_ given: [Character: Int], _ now: CivilTime) throws(Failure) -> Double {
        var values = given
        func has(_ component: Character) -> Bool { (given[component] ?? 0) != 0 }
        func are(_ components: String, among all: String) -> Bool {
            let present = all.filter { has($0) }
            return !present.isEmpty && present.allSatisfy { components.contains($0) }
        }
        let dateParts = "YXMxWwdD"
        let timeParts = "PHhmsf"
        let byDayOfYear = !are("YMD", among: dateParts) && are("Yd", among: dateParts)
        let byWeek = are("XxwF", among: dateParts) || are("XWF", among: dateParts)
        let byHalfDay = !are("Hmsf", among: timeParts) && are("Phmsf", among: timeParts)
        guard !byWeek else { throw Failure("D3136") }
        var hasStarted = false
        var hasEnded = false
        for component in (byDayOfYear ? "Yd" : "YMD") + (byHalfDay ? "Phmsf" : "Hmsf") {
            if values[component] != nil {
                guard !hasEnded else { throw Failure("D3136") }
                hasStarted = true
            } else if hasStarted {
                values[component] = "MDd".contains(component) ? 1 : 0
                hasEnded = true
            } else {
                values[component] = component == "P" ? (now.hour >= 12 ? 1 : 0) : now.value(of: component)
            }
        }
        let year = values["Y"] ?? 0
        let month = byDayOfYear ? 1 : max(values["M"] ?? 1, 1)
        let day = byDayOfYear ? values["d"] ?? 1 : values["D"] ?? 1
        var hour = values["H"] ?? 0
        if byHalfDay { hour = (values["h"] ?? 0) % 12 + (values["P"] == 1 ? 12 : 0) }
        guard year.magnitude < 300_000, max(month, day, hour) < 1_000_000 else { throw Failure("D3136") }
        // JavaScript takes years of two digits for those of the twentieth century.
        let full = (0...99).contains(year) ? 1900 + year : year
        let ms = Double(CivilTime.ms(full, month, day)) + Double(hour) * 3_600_000
        let minutes = Double(values["m"] ?? 0) - Double(values["Z"] ?? values["z"] ?? 0)
        return ms + minutes * 60_000 + Double(values["s"] ?? 0) * 1_000 + Double(values["f"] ?? 0)
    }
}

extension DateTimePicture.Part {
    fileprivate func pattern() throws(Failure) -> String {
        switch self {
        case .text(let text):
            var escaped = ""
            for character in text {
                if ".*+?^${}()|[]\\/-".contains(character) { escaped.append("\\") }
                escaped.append(character)
            }
            return escaped
        case .marker(let marker): return try marker.pattern()
        }
    }
}

extension DateTimePicture.Marker {
    private var zoneSeparator: Character? {
        guard let integer, integer.distance > 0 else { return nil }
        return integer.separators.first?.character
    }

    fileprivate func pattern() throws(Failure) -> String {
        if component == "Z" || component == "z" {
            let minutes = zoneSeparator.map { "\\\($0)[0-9]+" } ?? ""
            return (component == "z" ? "GMT" : "") + "[-+][0-9]+" + minutes
        }
        if let integer { return try integer.pattern(width: width) }
        guard "MxFP".contains(component) else { throw Failure("D3133", value: .string(String(component))) }
        return "[a-zA-Z]+"
    }

    fileprivate func read(_ text: String) throws(Failure) -> Int? {
        if component == "Z" || component == "z" {
            return zone(String(component == "z" ? text.dropFirst(3) : text[...]))
        }
        if component == "f", integer?.primary == .decimal, integer?.zero == 0x30 {
            // Digits behind the point of a second, however many there are.
            return Int(String(text.prefix(3)).padding(toThree: "0"))
        }
        if let integer { return try integer.parse(text).flatMap { Int(exactly: $0) } }
        if component == "P" { return ["am": 0, "pm": 1][text.lowercased()] }
        let table = component == "F" ? Calendar.days : Calendar.months
        return table.firstIndex { name in (most.map { String(name.prefix($0)) } ?? name) == text }.map { $0 + 1 }
    }

    /// Minutes east of Greenwich.
    private func zone(_ text: String) -> Int {
        let sign = text.hasPrefix("-") ? -1 : 1
        let digits = text.dropFirst()
        if let separator = zoneSeparator {
            let halves = digits.split(separator: separator)
            return sign * ((Int(halves.first ?? "") ?? 0) * 60 + (halves.count > 1 ? Int(halves[1]) ?? 0 : 0))
        }
        let hours = digits.count <= 2 ? digits : digits.prefix(2)
        return sign * ((Int(hours) ?? 0) * 60 + (Int(digits.dropFirst(2)) ?? 0))
    }
}

/// Timestamps of ISO 8601, as far as JavaScript's `Date` reads them: `2024`, `2024-02`, `2024-02-29`,
/// `2024-02-29T12:00:00.5+01:00`. Without a time zone they are UTC.
enum Timestamp {
    static func ms(_ text: String) -> Double? {
        var rest = Array(text.utf8)[...]
        func digits(_ count: Int) -> Int? {
            guard rest.count >= count else { return nil }
            var value = 0
            for byte in rest.prefix(count) {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            rest = rest.dropFirst(count)
            return value
        }
        func take(_ mark: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: mark) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = digits(4) else { return nil }
        var month = 1
        var day = 1
        // `2024+0100` and `2024-0100` do not exist: what follows a dash is a month.
        if take("-") {
            guard let value = digits(2), (1...12).contains(value) else { return nil }
            month = value
            if take("-") {
                guard let value = digits(2), (1...31).contains(value) else { return nil }
                day = value
            }
        }
        var ms = 0.0
        if take("T") {
            guard let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2),
                hour <= 24,
                minute < 60, second < 60
            else { return nil }
            ms = Double((hour * 60 + minute) * 60 + second) * 1_000
            if take(".") {
                let fraction = rest.prefix { (0x30...0x39).contains($0) }
                guard !fraction.isEmpty else { return nil }
                rest = rest.dropFirst(fraction.count)
                let padded = String(decoding: fraction.prefix(3), as: UTF8.self)
                ms += Double(padded.padding(toThree: "0")) ?? 0
            }
        }
        if let sign = rest.first, !take("Z"), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            rest = rest.dropFirst()
            guard let hours = digits(2) else { return nil }
            _ = take(":")
            guard let minutes = digits(2) else { return nil }
            let offset = Double(hours * 60 + minutes) * 60_000
            ms += sign == UInt8(ascii: "-") ? offset : -offset
        }
        return rest.isEmpty ? Double(CivilTime.ms(year, month, day)) + ms : nil
    }
}

extension String {
    fileprivate func padding(toThree fill: String) -> String {
        self + String(repeating: fill, count: Swift.max(3 - utf8.count, 0))
    }
}
