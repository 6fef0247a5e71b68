/// What is wrong with an expression, or what went wrong while it was evaluated, with the codes of the language's
/// reference (for example `S0202`, `T2001`, `D3030`).
public struct JSONataError: Error, Sendable, Equatable, CustomStringConvertible {
    public let code: String
    /// Offset in the source, UTF-16 code units, after the token concerned, as the reference counts.
    public let position: Int?
    public let token: String?
    public let message: String

    public init(code: String, position: Int?, token: String?, message: String) {
        self.code = code
        self.position = position
        self.token = token
        self.message = message
    }

    public var description: String { message }
}
