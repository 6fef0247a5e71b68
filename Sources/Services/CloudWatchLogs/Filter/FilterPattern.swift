import AWSWire
import JSON

/// A filter pattern (User Guide, "Filter pattern syntax"): terms, `{ … }` on JSON events, or `[ … ]` on events whose
/// fields are separated by blanks. Regular expressions stand between `%`.
enum FilterPattern: Sendable {
    case all
    case terms(TermFilter)
    case members(MemberFilter)
    case columns(ColumnFilter)

    /// Errors: InvalidParameterException.
    init(_ text: String?) throws(AWSError) {
        let text = (text ?? "").trimmed
        switch text.utf8.first {
        case nil: self = .all
        case UInt8(ascii: "{"): self = .members(try MemberFilter(text))
        case UInt8(ascii: "["): self = .columns(try ColumnFilter(text))
        default: self = .terms(try TermFilter(text))
        }
    }

    func matches(_ message: String) -> Bool {
        switch self {
        case .all: true
        case .terms(let filter): filter.matches(message)
        case .members(let filter): filter.matches(message)
        case .columns(let filter): filter.matches(message)
        }
    }
}

extension FilterPattern {
    /// What a metric filter reads of an event that matches: columns by name, and the members that the pattern names.
    func values(_ message: String) -> [String: String] {
        switch self {
        case .all, .terms: [:]
        case .columns(let filter): filter.values(message)
        case .members(let filter): filter.values(message)
        }
    }
}

extension String {
    var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}

/// Whether a message contains words: all plain terms, none with `-`, and, when there are only `?` terms, one of those.
///
/// Assumed: a term matches anywhere in the message; `?` terms beside plain ones change nothing.
struct TermFilter: Sendable, Equatable {
    private(set) var required: [String] = []
    private(set) var excluded: [String] = []
    private(set) var optional: [String] = []
    private(set) var requiredExpressions: [FilterExpression] = []
    private(set) var excludedExpressions: [FilterExpression] = []
    private(set) var optionalExpressions: [FilterExpression] = []

    init(_ text: String) throws(AWSError) {
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
                continue
            }
            let sign = first == "?" || first == "-" ? rest.removeFirst() : nil
            guard let start = rest.first, !start.isWhitespace else {
                throw LogsError.badPattern("a term is missing behind \(sign ?? " ")")
            }
            if start == "%" {
                let expression = try FilterExpression.first(of: &rest)
                switch sign {
                case "?": optionalExpressions.append(expression)
                case "-": excludedExpressions.append(expression)
                default: requiredExpressions.append(expression)
                }
                continue
            }
            let term: String
            if start == "\"" {
                (term, rest) = try Self.quoted(rest)
            } else {
                term = String(rest.prefix { !$0.isWhitespace })
                rest = rest.dropFirst(term.count)
            }
            switch sign {
            case "?": optional.append(term)
            case "-": excluded.append(term)
            default: required.append(term)
            }
        }
    }

    /// The text between quotation marks; `\"` stands for a mark.
    private static func quoted(_ text: Substring) throws(AWSError) -> (String, Substring) {
        var (result, rest) = ("", text.dropFirst())
        while let next = rest.popFirst() {
            if next == "\"" { return (result, rest) }
            if next == "\\", let escaped = rest.popFirst() { result.append(escaped) } else { result.append(next) }
        }
        throw LogsError.badPattern("a quotation mark is not closed")
    }

    func matches(_ message: String) -> Bool {
        guard required.allSatisfy(message.contains), !excluded.contains(where: message.contains),
            requiredExpressions.allSatisfy({ $0.isFound(in: message) }),
            !excludedExpressions.contains(where: { $0.isFound(in: message) })
        else { return false }
        let isOptional = optional.isEmpty && optionalExpressions.isEmpty
        return isOptional || !required.isEmpty || !requiredExpressions.isEmpty
            || optional.contains(where: message.contains)
            || optionalExpressions.contains { $0.isFound(in: message) }
    }
}
