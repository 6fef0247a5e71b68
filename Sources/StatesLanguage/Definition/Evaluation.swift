public import JSON
public import JSONata

/// What templates, paths and expressions of a state see.
public struct Scope: Sendable {
    /// `$` in JSONPath; `$states.input` in JSONata.
    public var input: JSON
    /// `$$`; `$states.context`.
    public var context: JSON
    /// Variables of all visible scopes, by name.
    public var variables: [String: JSON]
    /// `$states.result`, where there is one.
    public var result: JSON?
    /// `$states.errorOutput`, in a Catch.
    public var errorOutput: JSON?
    public var environment: Environment

    public init(
        input: JSON, context: JSON, variables: [String: JSON], result: JSON? = nil, errorOutput: JSON? = nil,
        environment: Environment
    ) {
        self.input = input
        self.context = context
        self.variables = variables
        self.result = result
        self.errorOutput = errorOutput
        self.environment = environment
    }
}

/// An error as executions know it: a name that `Retry` and `Catch` match, and a cause.
public struct StatesError: Error, Sendable, Equatable {
    public let error: String
    public let cause: String?

    public init(_ error: String, _ cause: String? = nil) {
        self.error = error
        self.cause = cause
    }
}

extension StatesError {
    /// No rule of a Choice state holds and there is no `Default`. The language's specification calls the error
    /// `States.NoChoiceMatched`; executions on AWS end with this one.
    static let noChoiceMatched = StatesError(
        "States.Runtime", "Failed to transition out of the state. The state does not point to a next state.")
}
