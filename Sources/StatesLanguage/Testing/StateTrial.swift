public import JSON
public import JSONata

/// One state, run by itself outside of an execution, with every value on its way kept: what TestState shows.
public struct StateTrial: Sendable {
    /// What became of the state.
    public struct Outcome: Sendable, Equatable {
        public enum Status: String, Sendable {
            case succeeded = "SUCCEEDED", failed = "FAILED", retriable = "RETRIABLE", caught = "CAUGHT_ERROR"
        }
        public var status: Status
        public var output: JSON?
        public var error: StatesError?
        public var nextState: String?
    }

    public let state: State
    public let input: JSON
    public let context: JSON
    public let environment: Environment
    /// Those that the state sees; after the run also those that it assigned.
    public private(set) var variables: [String: JSON]
    /// How often the state has been tried again for the error that comes.
    public var retryCount = 0
    /// What the ItemReader of a Map state is to have found: a file as it is in S3.
    public var readerData: String?
    /// How many iterations of a Map state are to have failed, although there is a result.
    public var failedIterations = 0
    /// Values on the way, under the names of the API.
    public internal(set) var inspection: JSON.Object = [:]

    public init(
        _ state: State, input: JSON, context: JSON, variables: [String: JSON], environment: Environment
    ) {
        self.state = state
        self.input = input
        self.context = context
        self.variables = variables
        self.environment = environment
    }

    var isJSONPath: Bool { state.queryLanguage == .jsonPath }

    func scope(_ input: JSON, result: JSON? = nil, errorOutput: JSON? = nil) -> Scope {
        Scope(
            input: input, context: context, variables: variables, result: result, errorOutput: errorOutput,
            environment: environment)
    }

    mutating func show(_ name: String, _ value: JSON) { inspection[name] = .string(value.text()) }

    // MARK: The way through

    /// Makes the result of a Task, Map or Parallel state out of what it passes on, within the time limit that a Task
    /// state has.
    public typealias Perform =
        @Sendable (_ arguments: JSON, _ limitSeconds: Double?) async -> Result<JSON, StatesError>

    public mutating func run(_ perform: Perform) async -> Outcome {
        show("input", input)
        do throws(StatesError) {
            let outcome = try await go(perform)
            showVariables()
            return outcome
        } catch {
            let outcome = recover(error)
            showVariables()
            return outcome
        }
    }

    private mutating func showVariables() {
        guard !variables.isEmpty else { return }
        show("variables", .object(JSON.Object(variables.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })))
    }

    private mutating func go(_ perform: Perform) async throws(StatesError) -> Outcome {
        switch state.kind {
        case .pass(let result): return try passState(result)
        case .choice(let rules, let fallback): return try choose(rules, fallback)
        case .wait(let until):
            let selected = try select()
            _ = try until.untilMs(scope(selected), nowMs: environment.nowMs)
            return try passOn(selected)
        case .succeed: return try passOn(try select())
        case .fail(let error, let cause): return try fail(error, cause)
        case .task: return try await work(shown: true, perform)
        case .parallel: return try await work(shown: false, perform)
        case .map(let fields):
            let tolerance = try show(fields)
            return try await work(shown: false) { [failedIterations] arguments, limit in
                await perform(arguments, limit).flatMap { tolerance.judge($0, failed: failedIterations) }
            }
        }
    }

    /// What the state works on: JSONPath's `InputPath`.
    mutating func select(shown: Bool = true) throws(StatesError) -> JSON {
        guard isJSONPath else { return input }
        let selected = try state.inputPath.apply(scope(input))
        if shown { show("afterInputPath", selected) }
        return selected
    }

    private mutating func passState(_ fixed: JSON?) throws(StatesError) -> Outcome {
        guard isJSONPath else { return try leave(input, hasResult: false) }
        let selected = try select(shown: fixed == nil)
        let parameters = try state.parameters?.evaluate(scope(selected)) ?? selected
        let result = fixed ?? parameters
        show(fixed == nil ? "afterParameters" : "result", result)
        return try leave(result, hasResult: false)
    }

    private mutating func choose(_ rules: [ChoiceRule], _ fallback: String?) throws(StatesError) -> Outcome {
        let selected = try select()
        let scope = scope(selected)
        var chosen: ChoiceRule?
        for rule in rules where chosen == nil {
            if try rule.condition.holds(scope) { chosen = rule }
        }
        guard let next = chosen?.next ?? fallback else {
            throw .noChoiceMatched
        }
        // A rule that holds has its own Assign and Output; those of the state belong to its Default.
        let assign = chosen == nil ? state.assign : chosen?.assign
        let output = chosen == nil ? state.output : chosen?.output
        let value =
            isJSONPath ? try state.outputPath.apply(scope) : try output?.evaluate(scope) ?? selected
        try self.assign(assign, scope)
        return Outcome(status: .succeeded, output: value, nextState: next)
    }

    /// Wait and Succeed: what came in goes out.
    private mutating func passOn(_ selected: JSON) throws(StatesError) -> Outcome {
        let scope = scope(selected)
        let value =
            isJSONPath ? try state.outputPath.apply(scope) : try state.output?.evaluate(scope) ?? selected
        try assign(state.assign, scope)
        return Outcome(status: .succeeded, output: value, nextState: state.next)
    }

    private mutating func fail(_ error: TextField?, _ cause: TextField?) throws(StatesError) -> Outcome {
        let scope = scope(try select())
        let failure = StatesError(try error?.evaluate(scope) ?? "", try cause?.evaluate(scope))
        return Outcome(status: .failed, error: failure)
    }

    private mutating func work(shown: Bool, _ perform: Perform) async throws(StatesError) -> Outcome {
        var arguments = try select(shown: shown)
        if isJSONPath {
            arguments = try state.parameters?.evaluate(scope(arguments)) ?? arguments
            if shown { show("afterParameters", arguments) }
        } else if let template = state.arguments {
            arguments = try template.evaluate(scope(input))
            if shown { show("afterArguments", arguments) }
        }
        var limit: Double?
        if case .task(let fields) = state.kind { limit = try fields.timeoutSeconds?.evaluate(scope(input)) }
        let result = try await perform(arguments, limit).get()
        if shown { show("result", result) }
        return try leave(result, hasResult: true)
    }

    // MARK: The way out

    private mutating func leave(_ result: JSON, hasResult: Bool) throws(StatesError) -> Outcome {
        guard isJSONPath else {
            let scope = scope(input, result: hasResult ? result : nil)
            let output = try state.output?.evaluate(scope) ?? result
            try assign(state.assign, scope)
            return Outcome(status: .succeeded, output: output, nextState: state.next)
        }
        let selection = try state.resultSelector?.evaluate(scope(result)) ?? result
        show("afterResultSelector", selection)
        let placed = try state.resultPath.apply(selection, to: input)
        show("afterResultPath", placed)
        try assign(state.assign, scope(selection))
        return Outcome(
            status: .succeeded, output: try state.outputPath.apply(scope(placed)), nextState: state.next)
    }

    private mutating func assign(_ template: Template?, _ scope: Scope) throws(StatesError) {
        guard let assigned = try template?.evaluate(scope).object else { return }
        for (name, value) in assigned.members { variables[name] = value }
    }

    /// `Retry`, then `Catch`.
    private mutating func recover(_ error: StatesError) -> Outcome {
        var details: JSON.Object = [:]
        defer { if !details.isEmpty { inspection["errorDetails"] = .object(details) } }
        if let index = state.retry.firstIndex(where: { $0.matches(error.error) }) {
            let retrier = state.retry[index]
            details["retryIndex"] = .number(index)
            if retryCount < retrier.maxAttempts {
                details["retryBackoffIntervalSeconds"] = .number(Int(retrier.seconds(before: retryCount)))
                return Outcome(status: .retriable, error: error)
            }
        }
        guard let index = state.catchers.firstIndex(where: { $0.matches(error.error) }) else {
            return Outcome(status: .failed, error: error)
        }
        details["catchIndex"] = .number(index)
        do throws(StatesError) {
            return try caught(error, state.catchers[index])
        } catch {
            return Outcome(status: .failed, error: error)
        }
    }

    private mutating func caught(_ error: StatesError, _ catcher: Catcher) throws(StatesError) -> Outcome {
        var errorOutput: JSON.Object = ["Error": .string(error.error)]
        if let cause = error.cause { errorOutput["Cause"] = .string(cause) }
        let about = JSON.object(errorOutput)
        let scope = isJSONPath ? scope(about) : scope(input, errorOutput: about)
        let output =
            isJSONPath
            ? try catcher.resultPath.apply(about, to: input) : try catcher.output?.evaluate(scope) ?? about
        try assign(catcher.assign, scope)
        return Outcome(status: .caught, output: output, error: error, nextState: catcher.next)
    }
}

extension Retrier {
    /// How long to wait after `retries` retries, seconds.
    fileprivate func seconds(before retries: Int) -> Double {
        var seconds = Double(intervalSeconds)
        for _ in 0..<min(retries, 1_000) { seconds *= backoffRate }
        return min(seconds, maxDelaySeconds.map(Double.init) ?? 99_999_999)
    }
}
