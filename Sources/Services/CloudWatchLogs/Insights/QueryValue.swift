import AWSWire
import JSON

/// A value while a query runs.
enum QueryValue: Sendable, Hashable {
    case missing
    case text(String)
    case number(Double)
    case truth(Bool)

    init(_ json: JSON?) {
        switch json {
        case nil, .null?: self = .missing
        case .string(let text)?: self = .text(text)
        case .bool(let truth)?: self = .truth(truth)
        case .number?: self = json?.double.map(QueryValue.number) ?? .missing
        case let other?: self = .text(other.text())
        }
    }

    var isMissing: Bool { self == .missing }

    /// Texts that read as numbers are numbers where one is needed.
    var number: Double? {
        switch self {
        case .number(let number): number
        case .text(let text): Double(text.trimmed)
        default: nil
        }
    }

    var text: String {
        switch self {
        case .missing: ""
        case .text(let text): text
        case .truth(let truth): truth ? "1" : "0"
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
        }
    }

    var isTrue: Bool {
        switch self {
        case .missing: false
        case .truth(let truth): truth
        case .number(let number): number != 0
        case .text(let text): !text.isEmpty && text != "0" && text != "false"
        }
    }

    /// Numbers by their size where both are, else texts; what is missing comes first.
    static func isBefore(_ left: QueryValue, _ right: QueryValue) -> Bool {
        if left.isMissing || right.isMissing { return left.isMissing && !right.isMissing }
        if let left = left.number, let right = right.number { return left < right }
        return left.text < right.text
    }

    static func isEqual(_ left: QueryValue, _ right: QueryValue) -> Bool {
        guard !left.isMissing, !right.isMissing else { return false }
        if let left = left.number, let right = right.number { return left == right }
        return left.text == right.text
    }
}

/// One event, or one group of `stats`, on its way through the stages.
struct QueryRow: Sendable {
    var fields: [String: QueryValue]
    /// The event's JSON, whose members are fields too.
    var event: JSON?
    /// What `fields`, `display` and `stats` have put into the result, in order.
    var shown: [String] = []

    subscript(name: String) -> QueryValue {
        if let value = fields[name] { return value }
        guard let event else { return .missing }
        if let member = event[name] { return QueryValue(member) }
        var value: JSON? = event
        for step in name.split(separator: ".") {
            value = value?[String(step)] ?? Int(step).flatMap { value?[$0] }
        }
        return QueryValue(value)
    }
}

/// Times in results: `2026-01-31 12:00:00.000`.
enum QueryTime {
    static let fields: Set<String> = ["@timestamp", "@ingestionTime"]

    static func text(_ ms: Int64) -> String {
        String(AWSWire.Timestamp.iso8601(ms, showsMilliseconds: true).dropLast()).replacing("T", with: " ")
    }

    /// `5m`, `1h`, `30 s` … in milliseconds.
    static func periodMs(_ text: String) -> Double? {
        let compact = text.filter { !$0.isWhitespace }
        let digits = compact.prefix { $0.isNumber }
        guard let count = Double(digits), count > 0 else { return nil }
        let unit: Double? =
            switch compact.dropFirst(digits.count) {
            case "ms", "msec", "millisecond", "milliseconds": 1
            case "s", "sec", "second", "seconds": 1000
            case "m", "min", "minute", "minutes": 60_000
            case "h", "hr", "hour", "hours": 3_600_000
            case "d", "day", "days": 86_400_000
            case "w", "week", "weeks": 604_800_000
            default: nil
            }
        return unit.map { $0 * count }
    }
}
