#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension DateTimePicture {
    /// - Parameter zone: `+hhmm`, or nothing for UTC.
    func format(_ ms: Double, zone: String?) throws(Failure) -> String {
        guard ms.magnitude <= CivilTime.farthest else { throw Failure("D1001", value: .number(ms)) }
        let offset = Self.minutes(zone)
        let time = CivilTime(ms: Int(ms.rounded(.towardZero)) + offset * 60_000)
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .marker(let marker): result += try marker.format(time, offset)
            }
        }
        return result
    }

    /// Minutes east of Greenwich.
    private static func minutes(_ zone: String?) -> Int {
        guard let zone else { return 0 }
        let digits = zone.drop { $0 == "+" || $0 == "-" || $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        guard let value = Int(digits.prefix(6)) else { return 0 }
        let minutes = value / 100 * 60 + value % 100
        return zone.contains("-") ? -minutes : minutes
    }
}

extension DateTimePicture.Marker {
    fileprivate func format(_ time: CivilTime, _ offset: Int) throws(Failure) -> String {
        switch component {
        case "P": return cased(time.hour >= 12 ? "pm" : "am")
        case "C", "E": return "ISO"
        case "Z", "z": return try zone(offset)
        default: break
        }
        var value = time.value(of: component)
        if component == "Y", let yearDigits { value = Int(fmod(Double(value), pow(10, Double(yearDigits)))) }
        if names != nil { return try name(value) }
        return try integer?.format(Double(value)) ?? String(value)
    }

    private func name(_ value: Int) throws(Failure) -> String {
        let table: [String]
        switch component {
        case "M", "x": table = Calendar.months
        case "F": table = Calendar.days
        default: throw Failure("D3133", value: .string(String(component)))
        }
        let name = cased(table[value - 1])
        return most.map { String(name.prefix(max($0, 0))) } ?? name
    }

    private func cased(_ name: String) -> String {
        switch names {
        case .upper: name.uppercased()
        case .lower: name.lowercased()
        default: name
        }
    }

    private func zone(_ offset: Int) throws(Failure) -> String {
        guard let integer else { return "" }
        if offset == 0, isTraditional { return "Z" }
        let hours = Double(offset / 60)
        let minutes = abs(offset % 60)
        let both = Double(offset / 60 * 100 + offset % 60)
        var text: String
        if integer.distance > 0 {
            text = try integer.format(both)
        } else {
            switch integer.required {
            case 1, 2:
                text = try integer.format(hours)
                if minutes != 0 { text += ":" + (minutes < 10 ? "0" : "") + String(minutes) }
            case 3, 4: text = try integer.format(both)
            default: throw Failure("D3134", value: .number(Double(integer.required)))
            }
        }
        if offset >= 0 { text = "+" + text } else if !text.hasPrefix("-") { text = "-" + text }
        return (component == "z" ? "GMT" : "") + text
    }
}

extension CivilTime {
    /// A number of the date by its letter in a picture.
    func value(of component: Character) -> Int {
        switch component {
        case "Y": year
        case "M": month
        case "D": day
        case "d": dayOfYear
        case "F": weekday
        case "W": weekOfYear
        case "w": weekOfMonth
        case "X": weekYear
        case "x": weekMonth
        case "H": hour
        case "h": hour % 12 == 0 ? 12 : hour % 12
        case "m": minute
        case "s": second
        case "f": millisecond
        default: 0
        }
    }
}
