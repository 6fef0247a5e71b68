/// An error on its way out. Operators and calls that it passes add what they know; the text is made at the end.
final class Failure: Error, @unchecked Sendable {
    let code: String
    var position: Int?
    var token: String?
    /// What the message names, by the placeholder's name.
    var details: [String: Value]
    let message: String?

    init(
        _ code: String, position: Int? = nil, token: String? = nil, value: Value? = nil,
        _ details: [String: Value] = [:],
        message: String? = nil
    ) {
        self.code = code
        self.position = position
        self.token = token
        self.details = details
        if let value { self.details["value"] = value }
        self.message = message
    }

    static func tooDeep() -> Failure {
        Failure("U1001", message: "Stack overflow: the expression nests too deeply. Is there a recursion without end?")
    }

    static func tooLong() -> Failure {
        Failure("U1001", message: "The expression took too long. Is there a loop without end?")
    }

    static func tooLarge() -> Failure {
        Failure("D2015", message: "The expression makes a value that is too large")
    }

    var error: JSONataError {
        JSONataError(code: code, position: position, token: token, message: message ?? Messages.text(of: self))
    }
}
