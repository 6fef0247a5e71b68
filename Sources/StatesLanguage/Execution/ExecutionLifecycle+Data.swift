import JSON
import JSONata
import Synchronization

extension ExecutionLifecycle {
    // MARK: What expressions see

    /// Made of what all states share and of the thread's own.
    func scope(_ thread: ExecutionThread, _ state: State, _ input: JSON, token: String? = nil) -> Scope {
        Scope(
            input: input, context: context(thread, state, token: token), variables: variables(thread),
            environment: moment.environment)
    }

    /// All variables that the thread can see: its own before those of the threads around it.
    func variables(_ thread: ExecutionThread) -> [String: JSON] {
        guard let parent = threads[thread.parent] else { return thread.variables }
        let outer = variables(parent)
        if thread.variables.isEmpty { return outer }
        return outer.merging(thread.variables) { $1 }
    }

    /// `$$`. Source: Step Functions developer guide, "Accessing execution data from the Context object".
    func context(_ thread: ExecutionThread, _ state: State, token: String? = nil) -> JSON {
        var about: JSON.Object = [
            "Name": .string(state.name), "EnteredTime": .string(ContextTime.text(thread.enteredMs)),
        ]
        if case .task = state.kind { about["RetryCount"] = .number(thread.retryCount) }
        let shared = shared.parts
        var context: JSON.Object = [
            "Execution": shared.execution, "StateMachine": shared.machine, "State": .object(about),
        ]
        if let token { context["Task"] = ["Token": .string(token)] }
        if let item = mapItem(thread) { context["Map"] = ["Item": item] }
        return .object(context)
    }

    /// The item of the innermost iteration around the thread.
    private func mapItem(_ thread: ExecutionThread) -> JSON? {
        if let item = thread.item { return ["Index": .number(thread.index), "Value": item] }
        guard let parent = threads[thread.parent] else { return nil }
        return mapItem(parent)
    }

    // MARK: On the way in

    /// What the state works on: JSONPath's `InputPath` and `Parameters` (not those of a Map state); in JSONata the
    /// input itself.
    func input(of state: State, _ thread: ExecutionThread, token: String? = nil) throws(StatesError) -> JSON {
        guard state.queryLanguage == .jsonPath else { return thread.input.value }
        var selected = thread.input.value
        if case .whole = state.inputPath {
        } else {
            selected = try state.inputPath.apply(scope(thread, state, selected, token: token))
        }
        guard let parameters = state.parameters else { return selected }
        return try parameters.evaluate(scope(thread, state, selected, token: token))
    }

    /// What a Task or Parallel state passes on: `Parameters` or `Arguments`.
    func arguments(of state: State, _ thread: ExecutionThread, token: String? = nil) throws(StatesError) -> JSON {
        guard state.queryLanguage == .jsonata, let arguments = state.arguments else {
            return try input(of: state, thread, token: token)
        }
        return try arguments.evaluate(scope(thread, state, thread.input.value, token: token))
    }

    // MARK: On the way out

    /// The output of the state and the variables that it assigns. A nil output is the state's input unchanged.
    func leaving(
        _ data: StateData, _ thread: ExecutionThread, _ result: JSON
    ) throws(StatesError) -> (JSON?, JSON.Object?) {
        let state = data.state
        guard state.queryLanguage == .jsonPath else { return try leavingJSONata(data, thread, result) }
        var result = result
        if let selector = state.resultSelector {
            result = try selector.evaluate(scope(thread, state, result))
        }
        let assigned = try data.assign?.evaluate(scope(thread, state, result)).object
        let placed = try state.resultPath.apply(result, to: thread.input.value)
        if case .whole = state.outputPath { return (placed, assigned) }
        return (try state.outputPath.apply(scope(thread, state, placed)), assigned)
    }

    private func leavingJSONata(
        _ data: StateData, _ thread: ExecutionThread, _ result: JSON
    ) throws(StatesError) -> (JSON?, JSON.Object?) {
        guard data.output != nil || data.assign != nil else { return (result, nil) }
        var scope = scope(thread, data.state, thread.input.value)
        if data.state.hasResult { scope.result = result }
        let output = try data.output?.evaluate(scope) ?? result
        return (output, try data.assign?.evaluate(scope).object)
    }
}

extension State {
    /// Whether `$states.result` exists.
    fileprivate var hasResult: Bool {
        switch kind {
        case .task, .parallel, .map: true
        default: false
        }
    }
}

/// The parts of the context object that all states share, made when a state first asks for them.
final class SharedContext: Sendable {
    struct Parts: Sendable {
        let execution: JSON
        let machine: JSON
    }

    private let facts: ExecutionFacts
    private let redriveCount: Int
    private let redriveMs: Int64?
    private let made = Mutex<Parts?>(nil)

    init(_ facts: ExecutionFacts, redriveCount: Int = 0, redriveMs: Int64? = nil) {
        self.facts = facts
        self.redriveCount = redriveCount
        self.redriveMs = redriveMs
    }

    var parts: Parts {
        made.withLock { made in
            if let made { return made }
            let parts = make()
            made = parts
            return parts
        }
    }

    private func make() -> Parts {
        var execution: JSON.Object = [
            "Id": .string(facts.arn), "Input": facts.input.value,
            "StartTime": .string(ContextTime.text(facts.startMs)), "Name": .string(facts.name),
            "RoleArn": .string(facts.roleArn), "RedriveCount": .number(redriveCount),
        ]
        if let redriveMs { execution["RedriveTime"] = .string(ContextTime.text(redriveMs)) }
        return Parts(
            execution: .object(execution),
            machine: ["Id": .string(facts.machineArn), "Name": .string(facts.machineName)])
    }
}

/// Times of the context object: `2026-01-01T00:00:00.000Z`.
enum ContextTime {
    static func text(_ ms: Int64) -> String {
        let (days, rest) = ms.quotientAndFloor(86_400_000)
        let (year, month, day) = civil(days)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
        let fraction = rest % 1000
        let padded = fraction < 10 ? "00\(fraction)" : fraction < 100 ? "0\(fraction)" : String(fraction)
        let time = "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60)).\(padded)"
        return "\(year)-\(two(month))-\(two(day))T\(time)Z"
    }

    /// Year, month and day of a number of days since 1970-01-01 (proleptic Gregorian calendar).
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndFloor(146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}

extension Int64 {
    fileprivate func quotientAndFloor(_ divisor: Int64) -> (Int64, Int64) {
        let quotient = self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
        return (quotient, self - quotient * divisor)
    }
}
