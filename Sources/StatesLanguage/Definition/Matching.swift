public import JSON

/// Names of errors that the language itself gives.
/// Source: Amazon States Language, "Errors"; Step Functions developer guide, "Handling errors".
enum ReservedError {
    static let all = "States.ALL"
    static let taskFailed = "States.TaskFailed"
    static let timeout = "States.Timeout"
    static let heartbeatTimeout = "States.HeartbeatTimeout"
    /// What `States.ALL` does not match.
    static let terminal: Set<String> = ["States.Runtime", "States.DataLimitExceeded"]

    static func matches(_ names: [String], _ error: String) -> Bool {
        names.contains { name in
            switch name {
            case error: true
            case all: !terminal.contains(error)
            case taskFailed: !terminal.contains(error) && error != timeout && error != heartbeatTimeout
            case timeout: error == heartbeatTimeout
            default: false
            }
        }
    }
}

extension Retrier {
    public func matches(_ errorName: String) -> Bool { ReservedError.matches(errorEquals, errorName) }
}

extension Catcher {
    public func matches(_ errorName: String) -> Bool { ReservedError.matches(errorEquals, errorName) }
}

extension PathField {
    /// `input` as the path shows it.
    /// Errors: `States.Runtime` where the path finds nothing.
    public func apply(_ scope: Scope) throws(StatesError) -> JSON {
        switch self {
        case .whole: scope.input
        case .discard: .object([:])
        case .path(let path): try path.evaluate(scope)
        }
    }
}

extension ResultPath {
    /// What becomes of the state's `input` and its `result`.
    public func apply(_ result: JSON, to input: JSON) throws(StatesError) -> JSON {
        switch self {
        case .replace: result
        case .discard: input
        case .insert(let path): try path.insert(result, into: input)
        }
    }
}

extension Path {
    /// Errors: `States.Runtime` where a definite path finds nothing.
    public func evaluate(_ scope: Scope) throws(StatesError) -> JSON {
        if let value = find(scope) { return value }
        throw StatesError("States.Runtime", "Invalid path '\(source)': \(whatIsMissing(scope))")
    }

    private func whatIsMissing(_ scope: Scope) -> String {
        let (_, count) = missingStep(scope)
        let written = steps.prefix(count).reduce("$") { text, step in
            switch step {
            case .member(let name): text + "['\(name)']"
            case .index(let index): text + "[\(index)]"
            default: text
            }
        }
        return count == steps.count ? "No results for path: \(written)" : "Missing property in path \(written)"
    }

    /// The step that found nothing, and how many steps lead to it, itself included.
    func missingStep(_ scope: Scope) -> (name: String, count: Int) {
        for (index, step) in steps.enumerated() {
            let start = Path(source: source, root: root, steps: Array(steps[...index]))
            guard start.find(scope) == nil else { continue }
            switch step {
            case .member(let name): return (name, index + 1)
            case .index(let place): return (String(place), index + 1)
            default: return (source, index + 1)
            }
        }
        return (source, steps.count)
    }
}

extension WaitUntil {
    /// When a wait that begins at `nowMs` is over, epoch milliseconds.
    /// Errors: `States.Runtime`, `States.QueryEvaluationError`.
    public func untilMs(_ scope: Scope, nowMs: Int64) throws(StatesError) -> Int64 {
        switch self {
        case .seconds(let field):
            return nowMs + Int64(try field.evaluate(scope) * 1_000)
        case .timestamp(let field):
            let text = try field.evaluate(scope)
            guard let moment = RFC3339(text) else {
                throw StatesError(
                    "States.Runtime", "The TimestampPath parameter does not reference a valid ISO-8601 string: \(text)")
            }
            return moment.milliseconds
        }
    }
}
