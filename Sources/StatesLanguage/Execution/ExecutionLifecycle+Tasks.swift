import JSON

/// Task states: attempts, their answers, their time limits.
extension ExecutionLifecycle {
    /// Seconds that AWS takes when nothing is said; no timer is set for them.
    private static let endlessSeconds = 99_999_999.0

    mutating func schedule(
        _ state: State, _ fields: TaskFields, _ thread: inout ExecutionThread
    ) throws(StatesError) -> Turn {
        let resource: TaskResource
        do {
            resource = try TaskResource(fields.resource)
        } catch {
            throw StatesError("States.Runtime", error.message)
        }
        let epoch = lastEventId + 1
        let token = moment.token(thread.id, epoch)
        let shown = resource.pattern == .waitForTaskToken ? token : nil
        let arguments = try arguments(of: state, thread, token: shown)
        let parameters = Payload(arguments)
        guard !parameters.isTooLarge else { return fail(&thread, Self.tooLarge(state.name), isBare: true) }
        if let cause = moment.unfit(resource, arguments) { throw StatesError("States.Runtime", cause) }
        let whole = scope(thread, state, thread.input.value, token: shown)
        // Not what `Parameters` makes of it.
        let selected = state.queryLanguage == .jsonPath ? try state.inputPath.apply(whole) : thread.input.value
        let scope = scope(thread, state, selected, token: shown)
        let timeout = try seconds(fields.timeoutSeconds, scope)
        let heartbeat = try seconds(fields.heartbeatSeconds, scope)
        let credentials = try fields.credentials?.evaluate(scope)
        var attempt = TaskAttempt(
            epoch: epoch, token: token, resource: resource, parameters: parameters, credentials: credentials,
            invocation: countAttempt(state, &thread))
        attempt.timeoutAtMs = timeout.map { moment.nowMs + Int64($0 * 1000) }
        attempt.heartbeatMs = heartbeat.map { Int64($0 * 1000) }
        if case .activity = resource.kind {
        } else {
            attempt.heartbeatAtMs = attempt.heartbeatMs.map { moment.nowMs + $0 }
        }
        appendScheduled(attempt, timeout, heartbeat, &thread)
        step.effects.append(.task(thread: thread.id))
        watch(&thread, attempt)
        return .waits
    }

    private func seconds(_ field: NumberField?, _ scope: Scope) throws(StatesError) -> Double? {
        guard let value = try field?.evaluate(scope), value < Self.endlessSeconds else { return nil }
        return value
    }

    /// How many attempts of the state came before.
    private mutating func countAttempt(_ state: State, _ thread: inout ExecutionThread) -> Int {
        guard facts.countsAttempts else { return 0 }
        guard thread.parent >= 0 else {
            defer { thread.counts[state.name, default: 0] += 1 }
            return thread.counts[state.name] ?? 0
        }
        guard var root = threads[0] else { return 0 }
        defer {
            root.counts[state.name, default: 0] += 1
            keep(root)
        }
        return root.counts[state.name] ?? 0
    }

    private mutating func appendScheduled(
        _ attempt: TaskAttempt, _ timeout: Double?, _ heartbeat: Double?, _ thread: inout ExecutionThread
    ) {
        var details: JSON.Object = ["resource": .string(attempt.resource.resource)]
        if let timeout { details["timeoutInSeconds"] = .number(timeout) }
        switch attempt.resource.kind {
        case .lambdaFunction:
            details["input"] = .string(attempt.parameters.text)
            details["inputDetails"] = .wholeText
            if let role = attempt.credentials?["RoleArn"] { details["taskCredentials"] = ["roleArn": role] }
            append(.lambdaFunctionScheduled, &thread, .members(details))
            append(.lambdaFunctionStarted, &thread)
        case .activity:
            details["input"] = .string(attempt.parameters.text)
            details["inputDetails"] = .wholeText
            if let heartbeat { details["heartbeatInSeconds"] = .number(heartbeat) }
            append(.activityScheduled, &thread, .members(details))
        case .integration(let type, _):
            details["resourceType"] = .string(type)
            details["region"] = .string(facts.region)
            details["parameters"] = .string(attempt.parameters.text)
            if let heartbeat { details["heartbeatInSeconds"] = .number(heartbeat) }
            if let role = attempt.credentials?["RoleArn"] { details["taskCredentials"] = ["roleArn": role] }
            append(.taskScheduled, &thread, .members(details))
            append(.taskStarted, &thread, .members(about(attempt)))
        }
    }

    private func about(_ attempt: TaskAttempt) -> JSON.Object {
        ["resourceType": .string(attempt.resource.resourceType), "resource": .string(attempt.resource.resource)]
    }

    /// Keeps the thread waiting for its attempt, with a timer for what comes first: time-out, heartbeat, question.
    private mutating func watch(_ thread: inout ExecutionThread, _ attempt: TaskAttempt) {
        thread.waiting = .task(attempt)
        keep(thread)
        if let atMs = attempt.nextMs {
            step.effects.append(.timer(thread: thread.id, epoch: attempt.epoch, atMs: atMs))
        }
    }

    /// The attempt of a thread, when it is still this one.
    private func attempt(_ id: Int, _ epoch: Int) -> (ExecutionThread, State, TaskAttempt)? {
        guard let thread = threads[id], !thread.isHalted, case .task(let attempt) = thread.waiting,
            attempt.epoch == epoch, let state = thread.graph.states[thread.state]
        else { return nil }
        return (thread, state, attempt)
    }

    // MARK: Answers

    mutating func answer(_ id: Int, _ epoch: Int, _ outcome: TaskOutcome) -> Bool {
        guard case (var thread, let state, var attempt)? = attempt(id, epoch) else { return false }
        switch outcome {
        case .submitted(let output, let follow):
            attempt.follow = follow
            let payload = Payload(output)
            append(.taskSubmitted, &thread, .members(about(attempt).with(output: payload)))
            let early = attempt.early
            attempt.early = nil
            watch(&thread, attempt)
            if let early { return answer(id, epoch, early) }
        case .waiting(let follow):
            attempt.follow = follow
            watch(&thread, attempt)
        case .succeeded(let output):
            settle(&thread, attempt)
            if succeeded(state, &thread, attempt, output) == .goesOn { goOn(thread) }
        case .failed(let error):
            settle(&thread, attempt)
            appendFailed(attempt, &thread, error)
            if fail(&thread, Failure(error)) == .goesOn { goOn(thread) }
        case .submitFailed(let error):
            settle(&thread, attempt)
            append(.taskSubmitFailed, &thread, .members(about(attempt).with(error)))
            if fail(&thread, Failure(error)) == .goesOn { goOn(thread) }
        case .aborted(let error):
            settle(&thread, attempt)
            _ = giveUp(&thread, Failure(error), isBare: true)
        }
        return true
    }

    /// Somebody has brought the token of an attempt. When the call that sent it on its way has no answer yet, that
    /// comes first.
    mutating func brought(_ id: Int, _ epoch: Int, _ outcome: TaskOutcome) -> Bool {
        guard var (thread, _, attempt) = attempt(id, epoch), attempt.early == nil else { return false }
        guard attempt.resource.pattern == .waitForTaskToken, attempt.follow == nil else {
            return answer(id, epoch, outcome)
        }
        attempt.early = outcome
        thread.waiting = .task(attempt)
        keep(thread)
        return true
    }

    /// The attempt is over.
    private mutating func settle(_ thread: inout ExecutionThread, _ attempt: TaskAttempt) {
        if attempt.hasTimer { step.effects.append(.cancelTimer(thread: thread.id)) }
        thread.waiting = .running
    }

    private mutating func succeeded(
        _ state: State, _ thread: inout ExecutionThread, _ attempt: TaskAttempt, _ output: JSON
    ) -> Turn {
        let payload = Payload(output)
        guard !payload.isTooLarge else {
            let failure = Self.tooLarge(attempt.resource.text)
            appendFailed(attempt, &thread, StatesError(failure.error ?? "", failure.cause))
            return fail(&thread, failure, isBare: true)
        }
        switch attempt.resource.kind {
        case .lambdaFunction: append(.lambdaFunctionSucceeded, &thread, .members(JSON.Object().with(output: payload)))
        case .activity: append(.activitySucceeded, &thread, .members(JSON.Object().with(output: payload)))
        case .integration: append(.taskSucceeded, &thread, .members(about(attempt).with(output: payload)))
        }
        do throws(StatesError) {
            return try leave(state, &thread, result: output, next: state.next)
        } catch {
            return evaluationFailed(error, state, &thread)
        }
    }

    private mutating func appendFailed(
        _ attempt: TaskAttempt, _ thread: inout ExecutionThread, _ error: StatesError
    ) {
        switch attempt.resource.kind {
        case .lambdaFunction: append(.lambdaFunctionFailed, &thread, .members(JSON.Object().with(error)))
        case .activity: append(.activityFailed, &thread, .members(JSON.Object().with(error)))
        case .integration: append(.taskFailed, &thread, .members(about(attempt).with(error)))
        }
    }

    // MARK: Activities and heartbeats

    mutating func taken(_ id: Int, _ epoch: Int, _ worker: String?) -> Bool {
        guard var (thread, _, attempt) = attempt(id, epoch), !attempt.isTaken else { return false }
        attempt.isTaken = true
        attempt.heartbeatAtMs = attempt.heartbeatMs.map { moment.nowMs + $0 }
        append(.activityStarted, &thread, .members(worker.map { ["workerName": .string($0)] } ?? [:]))
        watch(&thread, attempt)
        return true
    }

    mutating func heartbeat(_ id: Int, _ epoch: Int) -> Bool {
        guard var (thread, _, attempt) = attempt(id, epoch) else { return false }
        guard let every = attempt.heartbeatMs else { return true }
        attempt.heartbeatAtMs = moment.nowMs + every
        watch(&thread, attempt)
        return true
    }

    // MARK: Timers

    mutating func timer(_ id: Int, _ epoch: Int) -> Bool {
        if id == -1 {
            finish(.timedOut, Failure(error: nil, cause: nil), previous: lastEventId)
            return true
        }
        guard var thread = threads[id], !thread.isHalted, let state = thread.graph.states[thread.state] else {
            return false
        }
        switch thread.waiting {
        case .until(_, epoch):
            thread.waiting = .running
            do throws(StatesError) {
                let input = try input(of: state, thread)
                if try leave(state, &thread, result: input, next: state.next) == .goesOn { goOn(thread) }
            } catch {
                if evaluationFailed(error, state, &thread) == .goesOn { goOn(thread) }
            }
        case .retry(_, epoch):
            thread.waiting = .running
            goOn(thread)
        case .task(let attempt) where attempt.epoch == epoch: expire(&thread, attempt)
        default: return false
        }
        return true
    }

    private mutating func expire(_ thread: inout ExecutionThread, _ attempt: TaskAttempt) {
        let now = moment.nowMs
        let isTimeout = attempt.timeoutAtMs.map { $0 <= now } ?? false
        let isSilence = attempt.heartbeatAtMs.map { $0 <= now } ?? false
        guard isTimeout || isSilence else {
            guard case .poll(_, let atMs) = attempt.follow, atMs <= now else {
                return watch(&thread, attempt)
            }
            step.effects.append(.poll(thread: thread.id, attempt))
            return
        }
        step.effects.append(.cancel(thread: thread.id, state: thread.state, attempt))
        thread.waiting = .running
        let error = StatesError("States.Timeout")
        switch attempt.resource.kind {
        case .lambdaFunction: append(.lambdaFunctionTimedOut, &thread, .members(JSON.Object().with(error)))
        case .activity: append(.activityTimedOut, &thread, .members(JSON.Object().with(error)))
        case .integration: append(.taskTimedOut, &thread, .members(about(attempt).with(error)))
        }
        // A missing heartbeat is shown as a time-out.
        let name = isTimeout ? "States.Timeout" : "States.HeartbeatTimeout"
        if fail(&thread, Failure(error: "States.Timeout", cause: nil, name: name)) == .goesOn { goOn(thread) }
    }
}

extension TaskAttempt {
    /// When something is to be done about the attempt, if nothing happens before.
    fileprivate var nextMs: Int64? {
        var next = [timeoutAtMs, heartbeatAtMs].compactMap { $0 }
        if case .poll(_, let atMs) = follow { next.append(atMs) }
        return next.min()
    }
}

extension JSON.Object {
    fileprivate func with(output: Payload) -> JSON.Object {
        var object = self
        object["output"] = .string(output.text)
        object["outputDetails"] = .wholeText
        return object
    }

    fileprivate func with(_ error: StatesError) -> JSON.Object {
        var object = self
        object["error"] = .string(error.error)
        if let cause = error.cause { object["cause"] = .string(cause) }
        return object
    }
}
