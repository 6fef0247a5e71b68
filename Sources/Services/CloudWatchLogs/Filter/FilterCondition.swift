/// What a value is compared with.
enum FilterCondition: Sendable, Equatable {
    /// Text with `*` for any run of characters; `isEqual` false negates it.
    case text(String, isEqual: Bool)
    /// A number behind `=`, `!=`, `<`, `<=`, `>`, `>=`.
    case number(Double, String)

    /// nil when an order is asked of a text.
    init?(_ comparison: String, _ operand: String, isQuoted: Bool) {
        if !isQuoted, let number = Double(operand), operand.utf8.first != UInt8(ascii: "*") {
            self = .number(number, comparison)
        } else if comparison == "=" || comparison == "!=" {
            self = .text(operand, isEqual: comparison == "=")
        } else {
            return nil
        }
    }

    func allows(_ text: String) -> Bool {
        switch self {
        case .text(let pattern, let isEqual):
            return Self.wildcard(Array(pattern.utf8), Array(text.utf8)) == isEqual
        case .number(let wanted, let comparison):
            guard let value = Double(text) else { return comparison == "!=" }
            return Self.compare(value, comparison, wanted)
        }
    }

    static func compare(_ value: Double, _ comparison: String, _ wanted: Double) -> Bool {
        switch comparison {
        case "=": value == wanted
        case "!=": value != wanted
        case "<": value < wanted
        case "<=": value <= wanted
        case ">": value > wanted
        default: value >= wanted
        }
    }

    /// `*` stands for any run of characters. There is one place to return to, however many stars there are.
    private static func wildcard(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var (place, position) = (0, 0)
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == text[position] {
                place += 1
                position += 1
            } else if let back = star {
                place = back.place + 1
                position = back.position + 1
                star = (back.place, position)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
