public import JSON

/// Threads as the store keeps them, and executions put together again from their threads.
extension ExecutionLifecycle {
    /// An execution as it was after its last step.
    /// - Parameters:
    ///   - outputs: of branches and iterations that have ended, by thread, as ``Step/outputs`` had them.
    ///   - end: how it ended, for a redrive.
    public init(
        _ facts: ExecutionFacts, _ moment: Moment, threads: [JSON], outputs: [(thread: Int, index: Int, output: JSON)],
        lastEventId: Int, redriveCount: Int, redriveMs: Int64?, end: ExecutionEnd? = nil
    ) {
        self.init(facts, moment)
        self.lastEventId = lastEventId
        if redriveCount > 0 { setRedrive(redriveCount, redriveMs) }
        self.end = end
        let stored = Dictionary(threads.compactMap { tree in tree["id"]?.int.map { ($0, tree) } }) { $1 }
        for id in stored.keys.sorted() { restore(id, stored) }
        for (thread, index, output) in outputs {
            guard branches[thread]?.outputs.indices.contains(index) == true else { continue }
            if branches[thread]?.outputs[index] == nil {
                branches[thread]?.done += 1
                branches[thread]?.started += 1
            }
            branches[thread]?.outputs[index] = output
            branches[thread]?.isStored = true
        }
        lastThread = max(self.threads.keys.max() ?? 0, lastThread)
        for id in self.threads.keys.sorted() where self.threads[id]?.work == 1 { ready.append(id) }
    }

    /// Puts back one thread, after the one that it belongs to.
    private mutating func restore(_ id: Int, _ stored: [Int: JSON]) {
        guard threads[id] == nil, let tree = stored[id], let parent = tree["p"]?.int else { return }
        if parent >= 0 { restore(parent, stored) }
        let index = tree["i"]?.int ?? 0
        guard let graph = graph(of: parent, index),
            let thread = ExecutionThread(stored: tree, graph: graph)
        else { return }
        threads[id] = thread
        if case .branches(let wait) = thread.waiting {
            branches[id] = Branches(outputs: Array(repeating: nil, count: wait.count))
        }
        if parent >= 0 {
            branches[parent]?.live.insert(id)
            branches[parent]?.started += 1
        }
    }

    /// What the branch of a thread runs.
    private func graph(of parent: Int, _ index: Int) -> StateGraph? {
        guard let parent = threads[parent] else { return facts.graph }
        switch parent.graph.states[parent.state]?.kind {
        case .parallel(let graphs): return graphs.indices.contains(index) ? graphs[index] : nil
        case .map(let fields): return fields.processor
        default: return nil
        }
    }

    /// The effects that were not done when Baton ended: attempts without an answer.
    public mutating func recover() -> [Effect] {
        threads.keys.sorted().compactMap { id in
            guard let thread = threads[id], thread.needsAttempt else { return nil }
            return .task(thread: id)
        }
    }
}

extension ExecutionThread {
    /// What must be looked after when Baton starts again: 1 to run, 2 an attempt to make, 0 nothing.
    public var work: Int {
        if isHalted { return 0 }
        switch waiting {
        case .entering, .running: return 1
        default: return needsAttempt ? 2 : 0
        }
    }

    /// Whether the thread's attempt is to be made by Baton and has no answer.
    public var needsAttempt: Bool {
        guard !isHalted, case .task(let attempt) = waiting, attempt.follow == nil else { return false }
        if case .activity = attempt.resource.kind { return false }
        return true
    }

    /// As a tree with short names. Without the graph, which follows from the threads around.
    public var stored: JSON {
        var tree: JSON.Object = [
            "id": .number(id), "p": .number(parent), "i": .number(index), "s": .string(state),
            "in": .string(input.text), "e": .number(previousId), "n": .number(enteredId),
            "t": .number(JSON.Number(enteredMs)), "b": .number(beforeId), "w": waiting.stored,
        ]
        if let item { tree["item"] = item }
        if !variables.isEmpty { tree["v"] = .object(JSON.Object(variables.map { ($0.key, $0.value) })) }
        if retryCount > 0 {
            tree["r"] = .number(retryCount)
            tree["a"] = .array(attempts.map { .number($0) })
        }
        if isHalted { tree["h"] = true }
        if !counts.isEmpty { tree["c"] = .object(JSON.Object(counts.map { ($0.key, .number($0.value)) })) }
        return .object(tree)
    }

    init?(stored tree: JSON, graph: StateGraph) {
        guard let id = tree["id"]?.int, let parent = tree["p"]?.int, let state = tree["s"]?.string,
            let text = tree["in"]?.string, let input = try? JSON.parse(text),
            let waiting = tree["w"].flatMap(Waiting.init(stored:))
        else { return nil }
        self.init(
            id: id, parent: parent, index: tree["i"]?.int ?? 0, item: tree["item"], graph: graph, state: state,
            input: Payload(input, text: text), previousId: tree["e"]?.int ?? 0, waiting: waiting)
        enteredId = tree["n"]?.int ?? 0
        enteredMs = Int64(tree["t"]?.int ?? 0)
        beforeId = tree["b"]?.int ?? 0
        variables = Dictionary((tree["v"]?.object?.members ?? []).map { ($0.key, $0.value) }) { $1 }
        retryCount = tree["r"]?.int ?? 0
        attempts = tree["a"]?.array?.compactMap(\.int) ?? []
        isHalted = tree["h"]?.bool ?? false
        counts = Dictionary((tree["c"]?.object?.members ?? []).map { ($0.key, $0.value.int ?? 0) }) { $1 }
        isStored = true
    }
}

extension ExecutionThread.Waiting {
    fileprivate var stored: JSON {
        switch self {
        case .entering: "entering"
        case .running: "running"
        case .until(let atMs, let epoch): ["until": .number(JSON.Number(atMs)), "epoch": .number(epoch)]
        case .retry(let atMs, let epoch): ["retry": .number(JSON.Number(atMs)), "epoch": .number(epoch)]
        case .task(let attempt): ["task": attempt.stored]
        case .branches(let wait):
            [
                "count": .number(wait.count), "input": .string(wait.input.text),
                "items": wait.items.map { .array($0) } ?? .null, "most": .number(wait.concurrency),
                "started": .number(wait.startedId),
            ]
        case .mapRun(let arn, let epoch): ["run": .string(arn), "epoch": .number(epoch)]
        }
    }

    fileprivate init?(stored tree: JSON) {
        if let word = tree.string {
            self = word == "entering" ? .entering : .running
            return
        }
        let epoch = tree["epoch"]?.int ?? 0
        if let atMs = tree["until"]?.int {
            self = .until(Int64(atMs), epoch: epoch)
        } else if let atMs = tree["retry"]?.int {
            self = .retry(Int64(atMs), epoch: epoch)
        } else if let task = tree["task"], let attempt = TaskAttempt(stored: task) {
            self = .task(attempt)
        } else if let count = tree["count"]?.int, let text = tree["input"]?.string, let input = try? JSON.parse(text) {
            self = .branches(
                BranchesWait(
                    input: Payload(input, text: text), items: tree["items"]?.array, count: count,
                    concurrency: tree["most"]?.int ?? count, startedId: tree["started"]?.int ?? 0))
        } else if let arn = tree["run"]?.string {
            self = .mapRun(arn: arn, epoch: epoch)
        } else {
            return nil
        }
    }
}

extension TaskAttempt {
    fileprivate var stored: JSON {
        var tree: JSON.Object = [
            "epoch": .number(epoch), "token": .string(token), "resource": .string(resource.text),
            "parameters": .string(parameters.text),
        ]
        if let credentials { tree["credentials"] = credentials }
        if invocation > 0 { tree["invocation"] = .number(invocation) }
        if let timeoutAtMs { tree["timeout"] = .number(JSON.Number(timeoutAtMs)) }
        if let heartbeatMs { tree["heartbeat"] = .number(JSON.Number(heartbeatMs)) }
        if let heartbeatAtMs { tree["heartbeatAt"] = .number(JSON.Number(heartbeatAtMs)) }
        if let follow { tree["follow"] = follow.tree }
        if let early { tree["early"] = early.tree }
        if isTaken { tree["taken"] = true }
        return .object(tree)
    }

    fileprivate init?(stored tree: JSON) {
        guard let epoch = tree["epoch"]?.int, let token = tree["token"]?.string,
            let resource = (tree["resource"]?.string).flatMap({ try? TaskResource($0) }),
            let text = tree["parameters"]?.string, let parameters = try? JSON.parse(text)
        else { return nil }
        self.init(
            epoch: epoch, token: token, resource: resource, parameters: Payload(parameters, text: text),
            credentials: tree["credentials"], invocation: tree["invocation"]?.int ?? 0)
        timeoutAtMs = tree["timeout"]?.int.map(Int64.init)
        heartbeatMs = tree["heartbeat"]?.int.map(Int64.init)
        heartbeatAtMs = tree["heartbeatAt"]?.int.map(Int64.init)
        follow = tree["follow"].flatMap(TaskFollow.init(tree:))
        early = tree["early"].flatMap(TaskOutcome.init(tree:))
        isTaken = tree["taken"]?.bool ?? false
    }
}

extension TaskFollow {
    public var tree: JSON {
        switch self {
        case .token: "token"
        case .poll(let place, let atMs): ["poll": place, "at": .number(JSON.Number(atMs))]
        case .execution(let arn): ["execution": .string(arn)]
        }
    }

    public init?(tree: JSON) {
        if let place = tree["poll"], let atMs = tree["at"]?.int {
            self = .poll(place, atMs: Int64(atMs))
        } else if let arn = tree["execution"]?.string {
            self = .execution(arn: arn)
        } else if tree.string == "token" {
            self = .token
        } else {
            return nil
        }
    }
}

extension TaskOutcome {
    public var tree: JSON {
        switch self {
        case .succeeded(let output): ["succeeded": output]
        case .failed(let error): ["failed": error.tree]
        case .submitFailed(let error): ["submitFailed": error.tree]
        case .submitted(let output, let follow): ["submitted": output, "follow": follow.tree]
        case .waiting(let follow): ["waiting": follow.tree]
        case .aborted(let error): ["aborted": error.tree]
        }
    }

    public init?(tree: JSON) {
        guard let (name, value) = tree.object?.members.first else { return nil }
        switch name {
        case "succeeded": self = .succeeded(value)
        case "failed": self = .failed(StatesError(tree: value))
        case "submitFailed": self = .submitFailed(StatesError(tree: value))
        case "submitted":
            guard let follow = tree["follow"].flatMap(TaskFollow.init(tree:)) else { return nil }
            self = .submitted(value, follow)
        case "waiting":
            guard let follow = TaskFollow(tree: value) else { return nil }
            self = .waiting(follow)
        case "aborted": self = .aborted(StatesError(tree: value))
        default: return nil
        }
    }
}

extension StatesError {
    fileprivate var tree: JSON { [.string(error), cause.map { .string($0) } ?? .null] }
    fileprivate init(tree: JSON) { self.init(tree[0]?.string ?? "", tree[1]?.string) }
}
