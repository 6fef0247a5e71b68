import JSON

/// What goes beyond a plain run: redrives, skipped states, changed inputs.
extension ExecutionLifecycle {
    /// Goes on with what failed, timed out or was stopped; what succeeded stays as it is. Retries count from zero.
    /// - Parameter change: made before anything runs.
    mutating func redrive(_ change: (inout ExecutionLifecycle) -> Void = { _ in }) -> Bool {
        guard let end, end.status != .succeeded else { return false }
        self.end = nil
        redriveCount += 1
        redriveMs = moment.nowMs
        setRedrive(redriveCount, redriveMs)
        let event = append(.executionRedriven, previous: lastEventId, .members(["redriveCount": .number(redriveCount)]))
        for id in threads.keys.sorted() { resume(id, event) }
        if let seconds = facts.timeoutSeconds {
            step.effects.append(.timer(thread: -1, epoch: 0, atMs: moment.nowMs + Int64(seconds) * 1000))
        }
        change(&self)
        advance()
        return true
    }

    mutating func setRedrive(_ count: Int, _ atMs: Int64?) {
        redriveCount = count
        redriveMs = atMs
        shared = SharedContext(facts, redriveCount: count, redriveMs: atMs)
    }

    private mutating func resume(_ id: Int, _ event: Int) {
        guard var thread = threads[id], thread.isHalted else { return }
        thread.isHalted = false
        thread.attempts = []
        thread.retryCount = 0
        thread.previousId = event
        switch thread.waiting {
        case .branches(let wait):
            keep(thread)
            refill(thread, wait)
            return
        case .mapRun(let arn, let epoch):
            append(
                .mapRunRedriven, &thread, .members(["mapRunArn": .string(arn), "redriveCount": .number(redriveCount)]))
            thread.waiting = .mapRun(arn: arn, epoch: epoch)
            keep(thread)
            step.effects.append(.redriveMapRun(arn: arn))
            return
        case .entering: break
        case .running, .until, .retry, .task: thread.waiting = .running
        }
        keep(thread)
        ready.append(id)
    }

    /// A Map state whose iterations were cut short may have room for more of them.
    private mutating func refill(_ thread: ExecutionThread, _ wait: BranchesWait) {
        guard let state = thread.graph.states[thread.state], case .map(let fields) = state.kind else { return }
        let live = branches[thread.id]?.live.count ?? 0
        do throws(StatesError) {
            for _ in live..<max(live, wait.concurrency) {
                guard try startIteration(state, fields, thread, wait, previous: thread.previousId) else { return }
            }
        } catch {
            var thread = thread
            if evaluationFailed(error, state, &thread) == .goesOn { goOn(thread) }
        }
    }

    // MARK: Beyond AWS

    /// The thread that is in `state`: the first of several.
    private func thread(in state: String) -> ExecutionThread? {
        threads.values.filter { $0.state == state && !$0.isHalted }.min { $0.id < $1.id }
    }

    /// Leaves the state with `output`, which becomes the next state's input as it is.
    mutating func skip(_ name: String, _ output: JSON) -> Bool {
        guard var thread = thread(in: name), let state = thread.graph.states[name] else { return false }
        stopWaiting(&thread)
        stop(childrenOf: thread)
        drop(childrenOf: thread)
        thread.waiting = .running
        let next: String? =
            if case .choice(_, let otherwise) = state.kind { otherwise } else { state.next }
        ready = ready[firstReady...].filter { $0 != thread.id }
        firstReady = 0
        if exit(state, &thread, Payload(output), nil, next: next) == .goesOn { goOn(thread) }
        return true
    }

    private mutating func stop(childrenOf thread: ExecutionThread) {
        for id in (branches[thread.id]?.live ?? []).sorted() {
            guard let child = threads[id] else { continue }
            stop(childrenOf: child)
            halt(id)
        }
    }

    /// The state waits for its retry, or has failed with its execution: it runs again with another input.
    mutating func changeInput(_ name: String, _ input: JSON) -> Bool {
        guard var thread = thread(in: name), case .retry = thread.waiting else { return false }
        thread.input = Payload(input)
        keep(thread)
        return true
    }

    /// The same for a state in which the execution has failed: it is redriven with the change.
    mutating func intervene(_ event: ExecutionEvent) -> Bool {
        switch event {
        case .skip(let name, let output):
            guard halted(in: name) != nil else { return false }
            return redrive { lifecycle in _ = lifecycle.skip(name, output) }
        case .changeInput(let name, let input):
            guard var thread = halted(in: name) else { return false }
            if case .branches = thread.waiting { return false }
            thread.input = Payload(input)
            keep(thread)
            return redrive()
        default: return false
        }
    }

    private func halted(in state: String) -> ExecutionThread? {
        threads.values.filter { $0.state == state && $0.isHalted }.min { $0.id < $1.id }
    }
}
