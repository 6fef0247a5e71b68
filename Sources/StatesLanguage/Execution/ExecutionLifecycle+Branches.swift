import JSON

/// Parallel and inline Map states.
extension ExecutionLifecycle {
    // MARK: Parallel

    mutating func fork(
        _ state: State, _ graphs: [StateGraph], _ thread: inout ExecutionThread
    ) throws(StatesError) -> Turn {
        let input = Payload(try arguments(of: state, thread))
        guard !input.isTooLarge else { return fail(&thread, Self.tooLarge(state.name), isBare: true) }
        let started = append(.parallelStateStarted, &thread)
        let wait = BranchesWait(
            input: input, items: nil, count: graphs.count, concurrency: graphs.count, startedId: started)
        thread.waiting = .branches(wait)
        keep(thread)
        branches[thread.id] = Branches(outputs: Array(repeating: nil, count: graphs.count))
        for (index, graph) in graphs.enumerated() {
            addBranch(thread, wait, index, graph, item: nil, input: input, previous: started)
        }
        return .waits
    }

    private mutating func addBranch(
        _ parent: ExecutionThread, _ wait: BranchesWait, _ index: Int, _ graph: StateGraph, item: JSON?,
        input: Payload, previous: Int
    ) {
        lastThread += 1
        branches[parent.id]?.live.insert(lastThread)
        branches[parent.id]?.started += 1
        add(
            ExecutionThread(
                id: lastThread, parent: parent.id, index: index, item: item, graph: graph, state: graph.startAt,
                input: input, previousId: previous))
    }

    // MARK: Inline Map

    mutating func iterate(
        _ state: State, _ fields: MapFields, _ thread: inout ExecutionThread
    ) throws(StatesError) -> Turn {
        let input = try input(of: state, thread)
        let scope = scope(thread, state, input)
        let concurrency = Int(try fields.maxConcurrency?.evaluate(scope) ?? 0)
        if fields.isDistributed {
            return try distribute(state, fields, &thread, input, scope, concurrency)
        }
        let items = try fields.items?.evaluate(scope) ?? input
        guard let items = items.array else {
            throw StatesError("States.Runtime", "Reference path \"$\" must point to array.")
        }
        append(.mapStateStarted, &thread, .members(["length": .number(items.count)]))
        let most = concurrency == 0 ? Self.inlineConcurrency : min(concurrency, Self.inlineConcurrency)
        let wait = BranchesWait(
            input: Payload(input), items: items, count: items.count, concurrency: most,
            startedId: thread.previousId)
        thread.waiting = .branches(wait)
        branches[thread.id] = Branches(outputs: Array(repeating: nil, count: items.count))
        keep(thread)
        if items.isEmpty {
            return try join(state, &thread)
        }
        for _ in 0..<min(most, items.count) {
            guard try startIteration(state, fields, thread, wait, previous: wait.startedId) else { break }
        }
        return .waits
    }

    /// Starts the next item.
    /// - Returns: false when there is none.
    mutating func startIteration(
        _ state: State, _ fields: MapFields, _ parent: ExecutionThread, _ wait: BranchesWait, previous: Int
    ) throws(StatesError) -> Bool {
        guard let items = wait.items, let index = branches[parent.id]?.started, index < items.count else {
            return false
        }
        let item = items[index]
        let began = append(
            .mapIterationStarted, previous: previous, .iteration(state: state.name, index: index))
        var input = item
        if let selector = fields.itemSelector {
            var scope = scope(parent, state, wait.input.value)
            scope.context["Map"] = ["Item": ["Index": .number(index), "Value": item]]
            input = try selector.evaluate(scope)
        }
        addBranch(parent, wait, index, fields.processor, item: item, input: Payload(input), previous: began)
        return true
    }

    // MARK: Ends of branches

    mutating func branchEnded(_ thread: ExecutionThread, _ output: Payload) {
        guard var parent = threads[thread.parent], let state = parent.graph.states[parent.state],
            case .branches(let wait) = parent.waiting
        else { return }
        var last = thread.previousId
        if wait.items != nil {
            last = append(
                .mapIterationSucceeded, previous: last,
                .iteration(state: state.name, index: thread.index))
        }
        threads[thread.id] = thread
        drop(thread.id)
        branches[parent.id]?.live.remove(thread.id)
        branches[parent.id]?.outputs[thread.index] = output.value
        branches[parent.id]?.done += 1
        step.outputs.append((parent.id, thread.index, output))
        do throws(StatesError) {
            if branches[parent.id]?.done == wait.count {
                parent.previousId = last
                guard try join(state, &parent) == .goesOn else { return }
                goOn(parent)
            } else if case .map(let fields) = state.kind {
                _ = try startIteration(state, fields, parent, wait, previous: thread.previousId)
            }
        } catch {
            if evaluationFailed(error, state, &parent) == .goesOn { goOn(parent) }
        }
    }

    /// All branches have ended.
    private mutating func join(_ state: State, _ thread: inout ExecutionThread) throws(StatesError) -> Turn {
        let outputs = branches[thread.id]?.outputs.map { $0 ?? .null } ?? []
        settle(thread.id)
        if case .parallel = state.kind {
            append(.parallelStateSucceeded, previous: thread.previousId)
        } else {
            // AWS lets the exit follow the last iteration, not this event.
            append(.mapStateSucceeded, previous: thread.previousId)
        }
        thread.waiting = .running
        return try leave(state, &thread, result: .array(outputs), next: state.next)
    }

    /// Runs a thread that was waiting.
    mutating func goOn(_ thread: ExecutionThread) {
        keep(thread)
        ready.append(thread.id)
    }

    // MARK: Failures of branches

    mutating func branchFailed(_ thread: ExecutionThread, _ failure: Failure) {
        guard var parent = threads[thread.parent], let state = parent.graph.states[parent.state] else { return }
        if case .map = state.kind {
            append(
                .mapIterationFailed, previous: thread.previousId,
                .iteration(state: state.name, index: thread.index))
        }
        halt(thread.id)
        abort(childrenOf: parent, state, except: thread.id)
        parent.previousId = thread.previousId
        if fail(&parent, failure) == .goesOn { goOn(parent) }
    }

    /// Ends the siblings of a failed branch. They stay, for a redrive, until the failure is caught.
    mutating func abort(childrenOf thread: ExecutionThread, _ state: State, except failed: Int) {
        for id in (branches[thread.id]?.live ?? []).sorted() where id != failed {
            guard var child = threads[id], !child.isHalted else { continue }
            if let inner = child.graph.states[child.state] {
                abort(childrenOf: child, inner, except: -1)
                if let type = inner.kind.aborted, child.hasEntered { append(type, &child) }
            }
            threads[id] = child
            halt(id)
            step.changed.insert(id)
            if case .map = state.kind {
                append(
                    .mapIterationAborted, previous: child.previousId,
                    .iteration(state: state.name, index: child.index))
            }
        }
    }
}

extension ExecutionThread {
    var hasEntered: Bool { if case .entering = waiting { false } else { true } }
}

extension State.Kind {
    /// Only states that wait can be aborted.
    fileprivate var aborted: HistoryEvent.Kind? {
        switch self {
        case .task: .taskStateAborted
        case .wait: .waitStateAborted
        case .parallel: .parallelStateAborted
        case .map: .mapStateAborted
        default: nil
        }
    }
}
