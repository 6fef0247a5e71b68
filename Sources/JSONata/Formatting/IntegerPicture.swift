/// `$formatInteger`, `$parseInteger` and the numbers of dates: the pictures of XPath's format-integer.
struct IntegerPicture {
    enum Primary { case decimal, letters, roman, words, sequence }
    enum Case { case upper, lower, title }

    struct Separator {
        /// How many digits stand behind it.
        let position: Int
        let character: Character
    }

    private(set) var primary = Primary.decimal
    private(set) var letterCase = Case.lower
    private(set) var isOrdinal = false
    private(set) var zero: UInt32 = 0x30
    var required = 0
    private(set) var optional = 0
    private(set) var separators: [Separator] = []
    /// The distance of separators that repeat; 0 when they stand where they stand.
    private(set) var distance = 0
    private let picture: String

    private static let zeros: [UInt32] = [
        0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
        0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
        0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    ]

    init(_ picture: String) throws(Failure) {
        var format = picture[...]
        if let semicolon = picture.lastIndex(of: ";") {
            format = picture[..<semicolon]
            isOrdinal = picture[picture.index(after: semicolon)...].first == "o"
        }
        self.picture = String(format)
        switch format {
        case "A", "a": (primary, letterCase) = (.letters, format == "A" ? .upper : .lower)
        case "I", "i": (primary, letterCase) = (.roman, format == "I" ? .upper : .lower)
        case "W": (primary, letterCase) = (.words, .upper)
        case "Ww": (primary, letterCase) = (.words, .title)
        case "w": primary = .words
        default: try digits(format)
        }
    }

    private mutating func digits(_ format: Substring) throws(Failure) {
        var group: UInt32?
        var position = 0
        for scalar in format.unicodeScalars.reversed() {
            if let found = Self.zeros.first(where: { scalar.value >= $0 && scalar.value <= $0 + 9 }) {
                guard group == nil || group == found else { throw Failure("D3131") }
                group = found
                required += 1
                position += 1
            } else if scalar == "#" {
                optional += 1
                position += 1
            } else {
                separators.append(Separator(position: position, character: Character(scalar)))
            }
        }
        guard let group else {
            primary = .sequence
            return
        }
        zero = group
        distance = Self.regular(separators)
    }

    private static func regular(_ separators: [Separator]) -> Int {
        func divisor(_ one: Int, _ other: Int) -> Int { other == 0 ? one : divisor(other, one % other) }
        guard let first = separators.first, separators.allSatisfy({ $0.character == first.character }) else { return 0 }
        let positions = separators.map(\.position)
        let factor = positions.dropFirst().reduce(first.position, divisor)
        return (1...positions.count).allSatisfy { positions.contains($0 * factor) } ? factor : 0
    }

    private var unsupported: Failure { Failure("D3130", value: .string(picture)) }

    // MARK: - Formatting

    func format(_ number: Double) throws(Failure) -> String {
        let magnitude = number.magnitude
        var text: String
        switch primary {
        case .letters: text = NumberWords.letters(magnitude, from: UInt8(ascii: letterCase == .upper ? "A" : "a"))
        case .roman:
            text = try NumberWords.roman(magnitude)
            if letterCase == .upper { text = text.uppercased() }
        case .words:
            text = NumberWords.words(magnitude, ordinal: isOrdinal)
            if letterCase == .upper {
                text = text.uppercased()
            } else if letterCase == .lower {
                text = text.lowercased()
            }
        case .decimal: text = decimal(magnitude)
        case .sequence: throw unsupported
        }
        return number < 0 ? "-" + text : text
    }

    private func decimal(_ number: Double) -> String {
        var digits = Array(NumberText.format(number))
        if digits.count < required { digits = Array(repeating: "0", count: required - digits.count) + digits }
        let plain = digits
        if zero != 0x30 {
            digits = digits.map { digit in
                digit.wholeNumberValue.flatMap { Unicode.Scalar(zero + UInt32($0)) }.map { Character($0) } ?? digit
            }
        }
        let length = digits.count
        if distance > 0 {
            for position in stride(from: distance, to: length, by: distance) {
                digits.insert(separators[0].character, at: length - position)
            }
        } else {
            for separator in separators where separator.position <= length {
                digits.insert(separator.character, at: length - separator.position)
            }
        }
        guard isOrdinal else { return String(digits) }
        let isTeen = plain.count > 1 && plain[plain.count - 2] == "1"
        let suffix =
            switch plain.last {
            case "1" where !isTeen: "st"
            case "2" where !isTeen: "nd"
            case "3" where !isTeen: "rd"
            default: "th"
            }
        return String(digits) + suffix
    }

    // MARK: - Parsing

    /// What a text of this picture looks like, as a regular expression.
    func pattern(width: Int?) throws(Failure) -> String {
        switch primary {
        case .letters: return letterCase == .upper ? "[A-Z]+" : "[a-z]+"
        case .roman: return letterCase == .upper ? "[MDCLXVI]+" : "[mdclxvi]+"
        case .words: return "(?:" + NumberWords.vocabulary.joined(separator: "|") + "|and|[\\-, ])+"
        case .decimal: return "[0-9]" + (width.map { "{\($0)}" } ?? "+") + (isOrdinal ? "(?:th|st|nd|rd)" : "")
        case .sequence: throw unsupported
        }
    }

    /// nil when the text is no such number.
    func parse(_ text: String) throws(Failure) -> Double? {
        switch primary {
        case .letters: return NumberWords.number(letters: text, from: UInt8(ascii: letterCase == .upper ? "A" : "a"))
        case .roman: return NumberWords.number(roman: text)
        case .words: return NumberWords.number(text)
        case .sequence: throw unsupported
        case .decimal: break
        }
        var digits = isOrdinal ? String(text.dropLast(2)) : text
        let marks = separators.map(\.character)
        digits.removeAll { marks.contains($0) }
        if zero != 0x30 {
            digits = String(
                String.UnicodeScalarView(
                    digits.unicodeScalars.map { Unicode.Scalar($0.value &- zero &+ 0x30) ?? $0 }))
        }
        let sign = digits.hasPrefix("-") ? "-" : ""
        let number = digits.drop { $0 == "-" || $0 == "+" || $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        return number.isEmpty ? nil : Double(sign + number)
    }
}
