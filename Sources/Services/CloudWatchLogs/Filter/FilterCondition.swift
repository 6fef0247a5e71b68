import BatonCore

/// What a value is compared with.
enum FilterCondition: Sendable, Equatable {
    /// Text with `*` for any run of characters; `isEqual` false negates it.
    case text(String, isEqual: Bool)
    /// A number behind `=`, `!=`, `<`, `<=`, `>`, `>=`.
    case number(Double, String)
    case expression(FilterExpression, isEqual: Bool)

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

    /// nil when an order is asked of an expression.
    init?(_ comparison: String, _ expression: FilterExpression) {
        guard comparison == "=" || comparison == "!=" else { return nil }
        self = .expression(expression, isEqual: comparison == "=")
    }

    func allows(_ text: String) -> Bool {
        switch self {
        case .expression(let expression, let isEqual):
            return expression.isFound(in: text) == isEqual
        case .text(let pattern, let isEqual):
            return Wildcard(unescaped: pattern).matches(text) == isEqual
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
}
