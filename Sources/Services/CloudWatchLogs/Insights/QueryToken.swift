import AWSWire

/// The words of a query.
enum QueryToken: Sendable, Equatable {
    /// A field, a command, a function, an operator in letters, a number or a period of time.
    case word(String)
    case quoted(String)
    /// A name between backticks, which is never a keyword.
    case name(String)
    case expression(FilterExpression)
    case sign(String)
    case pipe

    private static let signs = [
        "!=", "<=", ">=", "=~", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%", "^", "[", "]",
    ]

    static func tokens(_ text: String) throws(AWSError) -> [QueryToken] {
        var tokens: [QueryToken] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first == "#" {
                rest = rest.drop { !$0.isNewline }
            } else if first == "|" {
                tokens.append(.pipe)
                rest.removeFirst()
            } else if first == "\"" || first == "'" || first == "`" {
                let text = try quoted(&rest, first)
                tokens.append(first == "`" ? .name(text) : .quoted(text))
            } else if first == "/", startsExpression(behind: tokens.last) {
                tokens.append(.expression(try expression(&rest)))
            } else if let sign = signs.first(where: { rest.hasPrefix($0) }) {
                tokens.append(.sign(sign))
                rest.removeFirst(sign.count)
            } else {
                let word = rest.prefix { $0.isLetter || $0.isNumber || "@_.$:-".contains($0) }
                guard !word.isEmpty else { throw LogsError.malformedQuery("unexpected symbol found \(first)") }
                tokens.append(.word(String(word)))
                rest.removeFirst(word.count)
            }
        }
        return tokens
    }

    /// A slash divides behind a value.
    private static func startsExpression(behind token: QueryToken?) -> Bool {
        switch token {
        case .word(let word)?: ["like", "parse"].contains(word.lowercased()) || word.hasPrefix("@")
        case .sign(let sign)?: sign == "=~"
        default: false
        }
    }

    private static func quoted(_ rest: inout Substring, _ mark: Character) throws(AWSError) -> String {
        var result = ""
        rest.removeFirst()
        while let next = rest.popFirst() {
            if next == mark { return result }
            if next == "\\", let escaped = rest.popFirst() {
                if escaped != mark, escaped != "\\" { result.append(next) }
                result.append(escaped)
            } else {
                result.append(next)
            }
        }
        throw LogsError.malformedQuery("a \(mark) is not closed")
    }

    private static func expression(_ rest: inout Substring) throws(AWSError) -> FilterExpression {
        var result = ""
        rest.removeFirst()
        while let next = rest.popFirst() {
            if next == "/" {
                do { return try FilterExpression(insensitive(result)) } catch {
                    throw LogsError.malformedQuery("the regular expression /\(result)/ cannot be read")
                }
            }
            if next == "\\", rest.first == "/" { continue }
            result.append(next)
            if next == "\\", let escaped = rest.popFirst() { result.append(escaped) }
        }
        throw LogsError.malformedQuery("a / is not closed")
    }

    /// `(?i)` at the front: each letter stands for both of its cases.
    private static func insensitive(_ text: String) -> String {
        guard text.hasPrefix("(?i)") else { return text }
        var (result, isEscaped, isInClass) = ("", false, false)
        for character in text.dropFirst(4) {
            if !isEscaped, character.isLetter, character.isASCII {
                let both = character.lowercased() + character.uppercased()
                result += isInClass ? both : "[\(both)]"
            } else {
                if !isEscaped { isInClass = character == "[" || (isInClass && character != "]") }
                result.append(character)
            }
            isEscaped = !isEscaped && character == "\\"
        }
        return result
    }
}
