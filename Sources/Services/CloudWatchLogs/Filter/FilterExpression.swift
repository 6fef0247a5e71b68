import AWSModel
import AWSWire

/// A regular expression between `%`: searched in time proportional to the text.
struct FilterExpression: Sendable, Equatable {
    let text: String
    private let pattern: Pattern

    /// Errors: InvalidParameterException for what is no expression, or more of one than CloudWatch Logs takes.
    init(_ text: String) throws(AWSError) {
        guard !text.isEmpty, let pattern = Pattern("[\\s\\S]*(\(text))[\\s\\S]*") else {
            throw LogsError.badPattern("the regular expression %\(text)%")
        }
        (self.text, self.pattern) = (text, pattern)
    }

    static func == (left: FilterExpression, right: FilterExpression) -> Bool { left.text == right.text }

    func isFound(in text: String) -> Bool { pattern.matches(text) }

    /// Takes `%…%` from the front.
    static func first(of rest: inout Substring) throws(AWSError) -> FilterExpression {
        let inner = rest.dropFirst().prefix { $0 != "%" }
        guard rest.dropFirst(inner.count + 1).first == "%" else { throw LogsError.badPattern("a % is not closed") }
        rest = rest.dropFirst(inner.count + 2)
        return try FilterExpression(String(inner))
    }
}
