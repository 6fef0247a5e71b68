import AWSWire

/// The words of `{ … }` and `[ … ]` patterns.
enum FilterToken: Sendable, Equatable {
    case open, close, and, or, comma
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`
    case comparison(String)
    /// A selector, a number, an unquoted text, or one of the words IS, NOT, EXISTS, TRUE, FALSE, NULL.
    case word(String)
    case quoted(String)
    case expression(FilterExpression)

    /// - Parameter text: without the outer brackets.
    static func tokens(_ text: Substring) throws(AWSError) -> [FilterToken] {
        var tokens: [FilterToken] = []
        var rest = text
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if let (token, length) = symbol(rest) {
                tokens.append(token)
                rest.removeFirst(length)
            } else if first == "\"" {
                tokens.append(.quoted(try quoted(&rest)))
            } else if first == "%" {
                tokens.append(.expression(try FilterExpression.first(of: &rest)))
            } else {
                tokens.append(.word(try word(&rest)))
            }
        }
        return tokens
    }

    private static func symbol(_ text: Substring) -> (FilterToken, Int)? {
        for two in ["&&", "||", "!=", "<=", ">="] where text.hasPrefix(two) {
            return (two == "&&" ? .and : two == "||" ? .or : .comparison(two), 2)
        }
        switch text.first {
        case "(": return (.open, 1)
        case ")": return (.close, 1)
        case ",": return (.comma, 1)
        case "=": return (.comparison("="), 1)
        case "<": return (.comparison("<"), 1)
        case ">": return (.comparison(">"), 1)
        default: return nil
        }
    }

    private static func quoted(_ rest: inout Substring) throws(AWSError) -> String {
        var result = ""
        rest.removeFirst()
        while let next = rest.popFirst() {
            if next == "\"" { return result }
            if next == "\\", let escaped = rest.popFirst() { result.append(escaped) } else { result.append(next) }
        }
        throw LogsError.badPattern("a quotation mark is not closed")
    }

    /// Up to a blank or symbol; brackets of a selector (`$.a["b c"]`) hold anything.
    private static func word(_ rest: inout Substring) throws(AWSError) -> String {
        var result = ""
        var mark: Character?
        var depth = 0
        while let next = rest.first {
            if let inside = mark {
                if next == inside { mark = nil }
            } else if depth > 0, next == "'" || next == "\"" {
                mark = next
            } else if next == "[" {
                depth += 1
            } else if next == "]" {
                depth -= 1
            } else if depth == 0, next.isWhitespace || "=!<>&|(),".contains(next) {
                break
            }
            result.append(next)
            rest.removeFirst()
        }
        guard !result.isEmpty, mark == nil, depth == 0 else { throw LogsError.badPattern("near \(rest.prefix(10))") }
        return result
    }
}
