public import JSON

/// Which words of the language are there.
public enum Dialect: Sendable {
    /// The language as its reference defines it.
    case standard
    /// AWS Step Functions: `$states` and variables only, `$partition $range $hash $random $uuid $parse`, no `$eval`.
    case stepFunctions
}

/// What an evaluation takes from outside.
public struct Environment: Sendable {
    /// For `$now` and `$millis`: epoch milliseconds.
    public var nowMs: Int64
    /// For `$random`: at least 0, less than 1.
    public var random: @Sendable () -> Double
    /// For `$uuid`.
    public var uuid: @Sendable () -> String
    /// How deep calls may nest.
    public var depth = 500
    /// How long an evaluation may take, milliseconds of real time.
    public var timeLimitMs = 5_000

    public init(
        nowMs: Int64, random: @escaping @Sendable () -> Double, uuid: @escaping @Sendable () -> String
    ) {
        self.nowMs = nowMs
        self.random = random
        self.uuid = uuid
    }
}

/// A parsed expression: parse once, evaluate often, from any thread.
public struct Expression: Sendable {
    public let source: String

    public init(_ source: String, dialect: Dialect = .standard) throws(JSONataError) {
        self.source = source
    }

    /// - Parameters:
    ///   - input: what `$` is; nil is undefined.
    ///   - bindings: values of variables, by name without the dollar sign.
    /// - Returns: nil when the result is undefined.
    public func evaluate(
        _ input: JSON?, bindings: [String: JSON] = [:], _ environment: Environment
    ) throws(JSONataError) -> JSON? {
        nil
    }
}
