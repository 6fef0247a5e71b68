/// The pictures of XPath's format-dateTime: text with markers such as `[Y0001]`, `[MNn,3-3]` or `[H01]`.
struct DateTimePicture {
    struct Marker {
        let component: Character
        var integer: IntegerPicture?
        var names: IntegerPicture.Case?
        /// `t` behind a time zone: `Z` for UTC.
        var isTraditional = false
        /// Longest text of a name.
        var most: Int?
        /// How many digits of a year are shown; nil for all.
        var yearDigits: Int?
        /// The exact number of digits to read, where the next number follows without anything between.
        var width: Int?
    }

    enum Part {
        case text(String)
        case marker(Marker)
    }

    private(set) var parts: [Part] = []

    private static let defaults: [Character: String] = [
        "Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "X": "1", "x": "1", "H": "1", "h": "1",
        "P": "n", "m": "01", "s": "01", "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
    ]

    static let iso8601 = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

    init(_ picture: String) throws(Failure) {
        var rest = Array(picture)[...]
        var text = ""
        while let character = rest.popFirst() {
            if character == "[", rest.first != "[" {
                if !text.isEmpty { parts.append(.text(text)) }
                text = ""
                guard let end = rest.firstIndex(of: "]") else { throw Failure("D3135") }
                try add(try Self.marker(rest[..<end].filter { !$0.isWhitespace }))
                rest = rest[(end + 1)...]
                continue
            }
            // Doubled brackets stand for one.
            if character == "[" || character == "]", rest.first == character { rest = rest.dropFirst() }
            text.append(character)
        }
        if !text.isEmpty { parts.append(.text(text)) }
    }

    private mutating func add(_ marker: Marker) throws(Failure) {
        if marker.integer != nil, case .marker(var before)? = parts.last, let integer = before.integer {
            before.width = integer.required
            parts[parts.count - 1] = .marker(before)
        }
        parts.append(.marker(marker))
    }

    private static func marker(_ text: [Character]) throws(Failure) -> Marker {
        let component = text.first ?? " "
        var marker = Marker(component: component)
        var presentation = text.dropFirst()
        var least: Int?
        if let comma = text.lastIndex(of: ","), comma > 0 {
            presentation = text[1..<comma]
            let width = text[(comma + 1)...].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            least = width.first.flatMap { Int(String($0)) }
            marker.most = width.count > 1 ? Int(String(width[1])) : nil
        }
        var modifier: Character?
        if presentation.count > 1, let last = presentation.last, "atco".contains(last) {
            modifier = last
            presentation = presentation.dropLast()
        }
        let shown = presentation.isEmpty ? defaults[component] : String(presentation)
        guard let shown else { throw Failure("D3132", value: .string(String(component))) }
        marker.isTraditional = modifier == "t"
        if shown.hasPrefix("n") || shown.hasPrefix("N") {
            marker.names = shown.hasPrefix("n") ? .lower : shown.hasPrefix("Nn") ? .title : .upper
        } else if "YMDdFWwXxHhmsf".contains(component) {
            try marker.setInteger(shown + (modifier.map { ";\($0)" } ?? ""), least)
        }
        if component == "Z" || component == "z" { marker.integer = try IntegerPicture(shown) }
        return marker
    }
}

extension DateTimePicture.Marker {
    fileprivate mutating func setInteger(_ picture: String, _ least: Int?) throws(Failure) {
        var integer = try IntegerPicture(picture)
        if let least, integer.required < least, least < 1_000 { integer.required = least }
        if component == "Y" {
            if let most, most < 1_000 {
                yearDigits = most
                integer.required = most
            } else if integer.required + integer.optional >= 2 {
                yearDigits = integer.required + integer.optional
            }
        }
        self.integer = integer
    }
}

/// Names of months and days.
enum Calendar {
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
}
