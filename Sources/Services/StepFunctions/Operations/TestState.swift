import AWSWire
import BatonCore
import BatonStore
import JSON
import JSONata
import StatesLanguage

/// Runs one state by itself: a definition of a state, or `stateName` in that of a machine. With `mock` the result of a
/// Task, Map or Parallel state is given instead of made; those that wait for others need one.
///
/// `INFO` shows what comes out; `DEBUG` and `TRACE` also the values on the way.
/// Errors: InvalidDefinition, InvalidExecutionInput, ValidationException. Source: Step Functions API reference,
/// TestState.
enum TestState: Operation {
    struct Mock: Decodable, Sendable {
        struct ErrorOutput: Decodable, Sendable {
            let error: String?
            let cause: String?
        }
        let result: String?
        let errorOutput: ErrorOutput?
        let fieldValidationMode: MockValidation.Mode?
    }
    struct Configuration: Decodable, Sendable {
        let retrierRetryCount: Int?
        let errorCausedByState: String?
        let mapIterationFailureCount: Int?
        let mapItemReaderData: String?
    }
    struct Input: Decodable, Sendable {
        let definition: String
        let roleArn: String?
        let input: String?
        let inspectionLevel: String?
        let revealSecrets: Bool?
        let variables: String?
        let stateName: String?
        let mock: Mock?
        let context: String?
        let stateConfiguration: Configuration?
    }
    struct Output: Encodable, Sendable {
        let output: String?
        let error: String?
        let cause: String?
        let inspectionData: JSON?
        let nextState: String?
        let status: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try check(input)
        let state = try TestedState(input.definition, stateName: input.stateName).state
        let mocked = try mocked(input, state)
        let value = try JSONText.value(input.input ?? "{}")
        let random = context.random
        var trial = StateTrial(
            state, input: value, context: try contextObject(input, state, value, context),
            variables: try variables(input.variables),
            environment: Environment(
                nowMs: context.nowMs, random: { random.double() }, uuid: { random.uuid() }))
        trial.retryCount = input.stateConfiguration?.retrierRetryCount ?? 0
        trial.readerData = input.stateConfiguration?.mapItemReaderData
        trial.failedIterations = input.stateConfiguration?.mapIterationFailureCount ?? 0
        let trace = HTTPTrace(revealsSecrets: input.revealSecrets ?? false)
        let call = TestedCall(state: state, about: trial.context, trace: trace, context: context)
        let outcome = await trial.run { arguments, limitSeconds in
            if let mocked { return mocked }
            return await call.make(arguments, limitSeconds: limitSeconds)
        }
        let level = input.inspectionLevel ?? "INFO"
        var inspection = trial.inspection
        if level == "TRACE" { for (name, value) in trace.members { inspection[name] = value } }
        return Output(
            output: outcome.output?.text(), error: outcome.error.flatMap { $0.error.isEmpty ? nil : $0.error },
            cause: outcome.error?.cause, inspectionData: level == "INFO" ? nil : .object(inspection),
            nextState: outcome.nextState, status: outcome.status.rawValue)
    }

    // MARK: What is asked

    private static func check(_ input: Input) throws(AWSError) {
        if input.mock?.result != nil, input.mock?.errorOutput != nil {
            throw StepFunctionsError.validation(
                "A test mock should have only one of the following fields: [result, errorOutput].")
        }
        if input.mock == nil, input.stateConfiguration?.mapIterationFailureCount != nil {
            throw StepFunctionsError.validation(
                "TestState does not support MapIterationFailureCount when a mock is not specified.")
        }
        if input.mock == nil, input.context != nil {
            throw StepFunctionsError.validation("Context can only be specified when a mock is specified.")
        }
    }

    /// The result that the mock gives; nil when the state is to be run.
    private static func mocked(
        _ input: Input, _ state: State
    ) throws(AWSError) -> Result<JSON, StatesError>? {
        guard let mock = input.mock, mock.result != nil || mock.errorOutput != nil else {
            try checkUnmocked(input, state)
            return nil
        }
        guard state.isWork else {
            throw StepFunctionsError.validation(
                "State type '\(state.typeName)' is not supported when a mock is specified")
        }
        if let error = mock.errorOutput {
            try checkOrigin(input.stateConfiguration?.errorCausedByState, state)
            // Assumed: the message.
            guard let name = error.error else {
                throw StepFunctionsError.validation("Error must be specified when ErrorOutput is specified.")
            }
            return .failure(StatesError(name, error.cause))
        }
        guard let text = mock.result, let result = try? JSON.parse(text) else {
            throw StepFunctionsError.validation("Mocked result must be valid JSON")
        }
        switch state.kind {
        case .task(let fields):
            guard let resource = try? TaskResource(fields.resource) else { break }
            try MockValidation(mode: mock.fieldValidationMode ?? .strict).check(result, of: resource)
        case .parallel(let branches):
            guard let results = result.array else {
                throw StepFunctionsError.validation("Mocked result must be an array.")
            }
            guard results.count == branches.count else {
                throw StepFunctionsError.validation(
                    "Mocked result must contain the same number of items as number of Parallel branches.")
            }
        case .map(let fields):
            // A result writer leaves an object that says where the results are.
            guard fields.resultWriter != nil || result.array != nil else {
                throw StepFunctionsError.validation("Mocked result must be an array.")
            }
        default: break
        }
        return .success(result)
    }

    /// A mocked error of a Map or Parallel state can come only from a state in it. What it does is the same wherever
    /// it comes from, as recorded. Assumed: the message.
    private static func checkOrigin(_ name: String?, _ state: State) throws(AWSError) {
        guard let name else { return }
        let isWithin =
            switch state.kind {
            case .parallel(let branches): branches.contains { $0.state(named: name) != nil }
            case .map(let fields): fields.processor.state(named: name) != nil
            default: true
            }
        guard isWithin else {
            throw StepFunctionsError.validation(
                "ErrorCausedByState '\(name)' is not a state within '\(state.name)'.")
        }
    }

    private static func checkUnmocked(_ input: Input, _ state: State) throws(AWSError) {
        switch state.kind {
        case .parallel, .map:
            throw StepFunctionsError.validation(
                "State type '\(state.typeName)' is not supported when a mock is not specified")
        case .task(let fields):
            guard input.roleArn != nil else {
                throw StepFunctionsError.validation("RoleArn must be specified when testing a Task state")
            }
            guard let resource = try? TaskResource(fields.resource) else { return }
            if case .activity = resource.kind {
                throw StepFunctionsError.validation("Activity tasks are only supported when a mock is specified")
            }
            guard resource.pattern == .requestResponse else {
                throw StepFunctionsError.validation(
                    "The \(resource.pattern.rawValue) service integration pattern is only supported when a mock is "
                        + "specified")
            }
        default: return
        }
    }

    private static func variables(_ text: String?) throws(AWSError) -> [String: JSON] {
        guard let text else { return [:] }
        guard let object = (try? JSON.parse(text))?.object else {
            throw StepFunctionsError.validation("Variables must be a JSON object.")
        }
        return Dictionary(object.members.map { ($0.key, $0.value) }) { $1 }
    }

    // MARK: Surroundings

    /// The given context object, or that of an execution that does not exist.
    private static func contextObject(
        _ input: Input, _ state: State, _ value: JSON, _ context: Context
    ) throws(AWSError) -> JSON {
        if let text = input.context {
            guard let given = try? JSON.parse(text), given.object != nil else {
                throw StepFunctionsError.validation("Context must be a JSON object.")
            }
            return given
        }
        let (machine, execution) = (context.random.uuid(), context.random.uuid())
        let time = JSON.string(AWSWire.Timestamp.iso8601(context.nowMs, showsMilliseconds: true))
        var about: JSON.Object = ["Name": .string(TestedState.name), "EnteredTime": time]
        if state.isWork { about["RetryCount"] = .number(input.stateConfiguration?.retrierRetryCount ?? 0) }
        var object: JSON = [
            "Execution": [
                "Id": .string(context.arn("states", "express:\(machine):\(execution)").description),
                "Input": value, "Name": .string(execution), "RoleArn": input.roleArn.map(JSON.string) ?? .null,
                "StartTime": time,
            ],
            "StateMachine": [
                "Id": .string(context.arn("states", "stateMachine:\(machine)").description),
                "Name": .string(machine),
            ],
            "State": .object(about),
        ]
        if case .task(let fields) = state.kind, let resource = try? TaskResource(fields.resource),
            resource.pattern == .waitForTaskToken
        {
            object["Task"] = ["Token": .string(context.random.hex(64))]
        }
        return object
    }
}
