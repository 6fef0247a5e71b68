import JSON
import JSONata

extension ExecutionLifecycle {
    /// The thread's state has failed: it is tried again, or the error is caught, or the failure goes up.
    /// - Parameter isBare: fails the execution without the events of states around.
    mutating func fail(_ thread: inout ExecutionThread, _ failure: Failure, isBare: Bool = false) -> Turn {
        guard end == nil else {
            keep(thread)
            return .ended
        }
        guard let state = thread.graph.states[thread.state] else { return giveUp(&thread, failure, isBare: true) }
        let name = failure.name
        if let delayMs = retry(state, &thread, name) {
            drop(childrenOf: thread)
            let atMs = moment.nowMs + delayMs
            waits(&thread, .retry(atMs, epoch: lastEventId), atMs: atMs, epoch: lastEventId)
            return .waits
        }
        if let catcher = state.catchers.first(where: { $0.matches(name) }) {
            drop(childrenOf: thread)
            appendFailed(state, &thread, name)
            do throws(StatesError) {
                return try caught(catcher, state, failure, &thread)
            } catch {
                return evaluationFailed(error, state, &thread, catches: false)
            }
        }
        return giveUp(&thread, failure, isBare: isBare || name == "States.Runtime")
    }

    /// Nothing catches the failure: it becomes that of the state around, or of the execution.
    mutating func giveUp(_ thread: inout ExecutionThread, _ failure: Failure, isBare: Bool) -> Turn {
        if case .branches = thread.waiting {
        } else {
            stopWaiting(&thread)
            thread.waiting = .running
        }
        if !isBare, let state = thread.graph.states[thread.state] {
            appendFailed(state, &thread, failure.error ?? "")
        }
        keep(thread)
        guard end == nil else { return .ended }
        if isBare || thread.parent < 0 {
            finish(.failed, failure, previous: thread.previousId)
        } else {
            branchFailed(thread, failure)
        }
        return .ended
    }

    /// Parallel and Map states say that they have failed, unless their definition could not be evaluated.
    private mutating func appendFailed(_ state: State, _ thread: inout ExecutionThread, _ error: String) {
        guard error != "States.Runtime" else { return }
        switch state.kind {
        case .parallel: append(.parallelStateFailed, &thread)
        case .map: append(.mapStateFailed, &thread)
        default: break
        }
    }

    // MARK: Retry

    /// Counts the retry and says when it is due, in milliseconds from now; nil when there is none.
    private func retry(_ state: State, _ thread: inout ExecutionThread, _ error: String) -> Int64? {
        guard let index = state.retry.firstIndex(where: { $0.matches(error) }) else { return nil }
        let retrier = state.retry[index]
        while thread.attempts.count <= index { thread.attempts.append(0) }
        guard thread.attempts[index] < retrier.maxAttempts else { return nil }
        var seconds = Double(retrier.intervalSeconds)
        for _ in 0..<thread.attempts[index] {
            seconds *= retrier.backoffRate
            if seconds > 1e9 { break }
        }
        if let most = retrier.maxDelaySeconds { seconds = min(seconds, Double(most)) }
        if retrier.hasFullJitter { seconds *= moment.environment.random() }
        thread.attempts[index] += 1
        thread.retryCount += 1
        return Int64(min(seconds, 1e9) * 1000)
    }

    // MARK: Catch

    private mutating func caught(
        _ catcher: Catcher, _ state: State, _ failure: Failure, _ thread: inout ExecutionThread
    ) throws(StatesError) -> Turn {
        let error: JSON = [
            "Error": .string(failure.error ?? ""), "Cause": .string(failure.cause ?? ""),
        ]
        var scope = scope(thread, state, error)
        let output: JSON
        if state.queryLanguage == .jsonPath {
            output = try catcher.resultPath.apply(error, to: thread.input.value)
        } else {
            scope.input = thread.input.value
            scope.errorOutput = error
            output = try catcher.output?.evaluate(scope) ?? error
        }
        let assigned = try catcher.assign?.evaluate(scope).object
        stopWaiting(&thread)
        thread.waiting = .running
        let payload = Payload(output)
        guard !payload.isTooLarge else { return giveUp(&thread, Self.tooLarge(state.name), isBare: true) }
        return exit(state, &thread, payload, assigned, next: catcher.next)
    }

    // MARK: Threads below

    /// Removes all threads of the thread's Parallel or Map state.
    mutating func drop(childrenOf thread: ExecutionThread) {
        guard let below = branches[thread.id] else { return }
        for id in below.live.sorted() {
            if let child = threads[id] { drop(childrenOf: child) }
            drop(id)
        }
        settle(thread.id)
    }
}
