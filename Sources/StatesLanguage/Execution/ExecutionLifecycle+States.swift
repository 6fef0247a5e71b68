import JSON
import JSONata

extension ExecutionLifecycle {
    /// Runs the state that the thread has entered.
    mutating func perform(_ state: State, _ thread: inout ExecutionThread) -> Turn {
        guard end == nil else {
            keep(thread)
            return .ended
        }
        do throws(StatesError) {
            switch state.kind {
            case .pass(let result): return try pass(state, result, &thread)
            case .choice(let rules, let otherwise): return try choose(state, rules, otherwise, &thread)
            case .wait(let until): return try wait(state, until, &thread)
            case .succeed: return try leave(state, &thread, result: try input(of: state, thread), next: nil)
            case .fail(let error, let cause): return try raise(state, error, cause, &thread)
            case .task(let fields): return try schedule(state, fields, &thread)
            case .parallel(let graphs): return try fork(state, graphs, &thread)
            case .map(let fields): return try iterate(state, fields, &thread)
            }
        } catch {
            return evaluationFailed(error, state, &thread)
        }
    }

    private mutating func pass(
        _ state: State, _ result: JSON?, _ thread: inout ExecutionThread
    ) throws(StatesError) -> Turn {
        if let result { return try leave(state, &thread, result: result, next: state.next) }
        if state.passesOn { return exit(state, &thread, thread.input, nil, next: state.next) }
        return try leave(state, &thread, result: try input(of: state, thread), next: state.next)
    }

    private mutating func choose(
        _ state: State, _ rules: [ChoiceRule], _ otherwise: String?, _ thread: inout ExecutionThread
    ) throws(StatesError) -> Turn {
        let input = try input(of: state, thread)
        let scope = scope(thread, state, input)
        for rule in rules where try rule.condition.holds(scope) {
            return try leave(
                state, &thread, result: input, next: rule.next, output: rule.output, assign: rule.assign)
        }
        guard let otherwise else {
            throw .noChoiceMatched
        }
        return try leave(
            state, &thread, result: input, next: otherwise, output: state.output, assign: state.assign)
    }

    private mutating func wait(
        _ state: State, _ until: WaitUntil, _ thread: inout ExecutionThread
    ) throws(StatesError) -> Turn {
        let input = try input(of: state, thread)
        let scope = scope(thread, state, input)
        let atMs = try until.untilMs(scope, nowMs: moment.nowMs)
        guard atMs > moment.nowMs else {
            return try leave(state, &thread, result: input, next: state.next)
        }
        waits(&thread, .until(atMs, epoch: lastEventId), atMs: atMs, epoch: lastEventId)
        return .waits
    }

    /// Keeps the thread with a timer.
    mutating func waits(
        _ thread: inout ExecutionThread, _ waiting: ExecutionThread.Waiting, atMs: Int64, epoch: Int
    ) {
        thread.waiting = waiting
        keep(thread)
        step.effects.append(.timer(thread: thread.id, epoch: epoch, atMs: atMs))
    }

    private mutating func raise(
        _ state: State, _ error: TextField?, _ cause: TextField?, _ thread: inout ExecutionThread
    ) throws(StatesError) -> Turn {
        let scope = scope(thread, state, thread.input.value)
        return fail(
            &thread,
            Failure(error: try error?.evaluate(scope), cause: try cause?.evaluate(scope)))
    }

    // MARK: Leaving a state

    /// Ends the state with what it has brought about.
    mutating func leave(
        _ state: State, _ thread: inout ExecutionThread, result: JSON, next: String?
    ) throws(StatesError) -> Turn {
        try leave(state, &thread, result: result, next: next, output: state.output, assign: state.assign)
    }

    mutating func leave(
        _ state: State, _ thread: inout ExecutionThread, result: JSON, next: String?, output: Template?,
        assign: Template?
    ) throws(StatesError) -> Turn {
        let data = StateData(state: state, output: output, assign: assign)
        let (value, assigned) = try leaving(data, thread, result)
        let payload = value.map { Payload($0) } ?? thread.input
        guard !payload.isTooLarge else { return fail(&thread, Self.tooLarge(state.name), isBare: true) }
        return exit(state, &thread, payload, assigned, next: next)
    }

    static func tooLarge(_ name: String) -> Failure {
        Failure(
            error: "States.DataLimitExceeded",
            cause: "The state/task '\(name)' returned a result with a size exceeding the maximum number of bytes "
                + "service limit.")
    }

    /// Writes the exit, then goes to the next state or ends the thread.
    mutating func exit(
        _ state: State, _ thread: inout ExecutionThread, _ output: Payload, _ assigned: JSON.Object?, next: String?
    ) -> Turn {
        var texts: JSON.Object?
        if let assigned, !assigned.isEmpty {
            texts = JSON.Object(assigned.members.map { ($0.key, .string($0.value.text())) })
            for (name, value) in assigned { thread.variables[name] = value }
        }
        append(
            state.kind.exited, &thread, .exited(state: state.name, output: output.text, assigned: texts))
        guard end == nil else {
            keep(thread)
            return .ended
        }
        guard let next else {
            ended(thread, output)
            return .ended
        }
        thread.state = next
        thread.input = output
        thread.waiting = .entering
        return .goesOn
    }

    private mutating func ended(_ thread: ExecutionThread, _ output: Payload) {
        if thread.parent < 0 {
            threads[thread.id] = thread
            succeed(output, previous: thread.previousId)
        } else {
            branchEnded(thread, output)
        }
    }

    // MARK: Failures

    /// What an evaluation threw ends the state. JSONata errors have an event of their own.
    mutating func evaluationFailed(
        _ error: StatesError, _ state: State, _ thread: inout ExecutionThread, catches: Bool = true
    ) -> Turn {
        if case .branches = thread.waiting { abort(childrenOf: thread, state, except: -1) }
        let cause =
            "An error occurred while executing the state '\(state.name)' (entered at the event id "
            + "#\(thread.enteredId)). \(error.cause ?? "")"
        if error.error == "States.QueryEvaluationError" {
            var details: JSON.Object = ["error": .string(error.error), "cause": .string(cause)]
            if let field = Self.field(in: error.cause ?? "") { details["location"] = .string(field) }
            details["state"] = .string(state.name)
            // AWS lets this event follow what came before the state.
            thread.previousId = append(.evaluationFailed, previous: thread.beforeId, .members(details))
        }
        let failure = Failure(error: error.error, cause: cause)
        guard catches else { return giveUp(&thread, failure, isBare: error.error == "States.Runtime") }
        return fail(&thread, failure)
    }

    /// The field that the cause of a failed expression names.
    static func field(in cause: String) -> String? {
        let parts = cause.split(separator: "' specified for the field '", maxSplits: 1)
        return parts.count == 2 ? String(parts[1].prefix { $0 != "'" }) : nil
    }
}

/// How one way out of a state treats its data.
struct StateData {
    let state: State
    let output: Template?
    let assign: Template?
}
