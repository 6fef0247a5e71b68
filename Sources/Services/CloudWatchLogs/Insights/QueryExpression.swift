import AWSWire
import JSON

/// What is computed of a row.
indirect enum QueryExpression: Sendable {
    case value(QueryValue)
    case field(String)
    case binary(String, QueryExpression, QueryExpression)
    case not(QueryExpression)
    case matches(QueryExpression, FilterExpression)
    case isIn(QueryExpression, [QueryExpression])
    case call(QueryFunction, [QueryExpression])

    func value(_ row: QueryRow) -> QueryValue {
        switch self {
        case .value(let value): return value
        case .field(let name): return row[name]
        case .not(let inner): return .truth(!inner.value(row).isTrue)
        case .matches(let inner, let expression): return .truth(expression.isFound(in: inner.value(row).text))
        case .isIn(let inner, let list):
            let value = inner.value(row)
            return .truth(list.contains { QueryValue.isEqual($0.value(row), value) })
        case .call(let function, let arguments): return function.apply(arguments.map { $0.value(row) })
        case .binary("and", let left, let right): return .truth(left.value(row).isTrue && right.value(row).isTrue)
        case .binary("or", let left, let right): return .truth(left.value(row).isTrue || right.value(row).isTrue)
        case .binary(let sign, let left, let right): return Self.combine(sign, left.value(row), right.value(row))
        }
    }

    private static func combine(_ sign: String, _ left: QueryValue, _ right: QueryValue) -> QueryValue {
        switch sign {
        case "=": return .truth(QueryValue.isEqual(left, right))
        case "!=": return .truth(!QueryValue.isEqual(left, right))
        case "like": return .truth(!left.isMissing && left.text.contains(right.text))
        case "<", "<=", ">", ">=":
            guard !left.isMissing, !right.isMissing else { return .truth(false) }
            let isLess = QueryValue.isBefore(left, right)
            let isMore = QueryValue.isBefore(right, left)
            return .truth(sign == "<" ? isLess : sign == ">" ? isMore : sign == "<=" ? !isMore : !isLess)
        default:
            guard let left = left.number, let right = right.number else { return .missing }
            return arithmetic(sign, left, right)
        }
    }

    private static func arithmetic(_ sign: String, _ left: Double, _ right: Double) -> QueryValue {
        switch sign {
        case "+": .number(left + right)
        case "-": .number(left - right)
        case "*": .number(left * right)
        case "/": right == 0 ? .missing : .number(left / right)
        case "%": right == 0 ? .missing : .number(left.truncatingRemainder(dividingBy: right))
        default: .missing
        }
    }
}

/// The functions of queries that Baton knows. Source: CloudWatch Logs user guide, "Supported operations and functions".
enum QueryFunction: String, Sendable {
    case abs, ceil, floor, sqrt, greatest, least
    case strlen, upper, lower, toupper, tolower, trim, ltrim, rtrim, concat, strcontains, substr, replace
    case ispresent, isempty, isblank, coalesce
    case datefloor, dateceil, frommillis, tomillis

    func apply(_ arguments: [QueryValue]) -> QueryValue {
        let first = arguments.first ?? .missing
        switch self {
        case .abs, .ceil, .floor, .sqrt, .greatest, .least: return Self.numeric(self, arguments)
        case .ispresent: return .truth(!first.isMissing)
        case .isempty: return .truth(first.text.isEmpty)
        case .isblank: return .truth(first.text.trimmed.isEmpty)
        case .coalesce: return arguments.first { !$0.isMissing } ?? .missing
        case .frommillis, .tomillis: return first
        case .datefloor, .dateceil:
            guard let ms = first.number, let period = QueryTime.periodMs(arguments.last?.text ?? "") else {
                return .missing
            }
            return .number((self == .datefloor ? (ms / period).rounded(.down) : (ms / period).rounded(.up)) * period)
        default: return first.isMissing ? .missing : Self.textual(self, arguments)
        }
    }

    private static func numeric(_ function: QueryFunction, _ arguments: [QueryValue]) -> QueryValue {
        let numbers = arguments.compactMap(\.number)
        guard let first = numbers.first else { return .missing }
        switch function {
        case .abs: return .number(Swift.abs(first))
        case .ceil: return .number(first.rounded(.up))
        case .floor: return .number(first.rounded(.down))
        case .sqrt: return first < 0 ? .missing : .number(first.squareRoot())
        case .greatest: return .number(numbers.reduce(first, max))
        default: return .number(numbers.reduce(first, min))
        }
    }

    private static func textual(_ function: QueryFunction, _ arguments: [QueryValue]) -> QueryValue {
        let texts = arguments.map(\.text)
        let first = texts.first ?? ""
        let second = texts.count > 1 ? texts[1] : ""
        switch function {
        case .strlen: return .number(Double(first.count))
        case .upper, .toupper: return .text(first.uppercased())
        case .lower, .tolower: return .text(first.lowercased())
        case .trim: return .text(first.trimmed)
        case .ltrim: return .text(String(first.drop { $0.isWhitespace }))
        case .rtrim: return .text(String(first.reversed().drop { $0.isWhitespace }.reversed()))
        case .concat: return .text(texts.joined())
        case .strcontains: return .number(first.contains(second) ? 1 : 0)
        case .replace: return .text(second.isEmpty ? first : first.replacing(second, with: texts.last ?? ""))
        default:
            let start = max(0, Int(second) ?? 0)
            let length = texts.count > 2 ? max(0, Int(texts[2]) ?? 0) : Int.max
            return .text(String(first.dropFirst(start).prefix(length)))
        }
    }
}
