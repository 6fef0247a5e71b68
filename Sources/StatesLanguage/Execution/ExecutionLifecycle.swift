import JSON
import JSONata

/// The whole state of one execution, and what events do to it: a tree of threads, each in one state.
///
/// It is a value and does nothing by itself: ``handle(_:_:)`` advances every thread that can go on until it has to
/// wait; ``takeStep()`` hands out what is to be committed, the history and the effects that are due after the commit.
public struct ExecutionLifecycle: Sendable {
    public let facts: ExecutionFacts
    public internal(set) var redriveCount = 0
    public internal(set) var redriveMs: Int64?
    public internal(set) var lastEventId = 0
    public internal(set) var threads: [Int: ExecutionThread] = [:]
    /// By the thread that waits for them.
    var branches: [Int: Branches] = [:]
    public internal(set) var end: ExecutionEnd?

    var ready: [Int] = []
    var firstReady = 0
    var lastThread = 0
    var step = Step()
    var moment: Moment
    var shared: SharedContext

    /// Events of one step, after which it is cut.
    public static let stepEvents = 1000
    /// Events of a standard execution's history. The last one is `ExecutionFailed`.
    /// Source: Step Functions developer guide, "Quotas related to state executions".
    public static let historyLimit = 25_000
    /// Iterations of an inline Map state that run at once. Source: developer guide, "Inline Map".
    public static let inlineConcurrency = 40

    /// What a Parallel or Map state has of its branches so far.
    struct Branches: Sendable {
        var outputs: [JSON?]
        var done = 0
        var started = 0
        var live: Set<Int> = []
        /// Whether the store has some of the outputs.
        var isStored = false
    }

    public init(_ facts: ExecutionFacts, _ moment: Moment) {
        self.facts = facts
        self.moment = moment
        shared = SharedContext(facts)
    }

    // MARK: Events

    /// - Returns: whether the event meant anything: false for a timer or an answer that nobody waits for any more.
    @discardableResult
    public mutating func handle(_ event: ExecutionEvent, _ moment: Moment) -> Bool {
        self.moment = moment
        if case .redrive = event { return redrive() }
        if let end { return end.status != .succeeded && intervene(event) }
        let isMeant = dispatch(event)
        advance()
        return isMeant
    }

    private mutating func dispatch(_ event: ExecutionEvent) -> Bool {
        switch event {
        case .start: start()
        case .proceed: break
        case .timer(let thread, let epoch): return timer(thread, epoch)
        case .answer(let thread, let epoch, let outcome): return answer(thread, epoch, outcome)
        case .brought(let thread, let epoch, let outcome): return brought(thread, epoch, outcome)
        case .heartbeat(let thread, let epoch): return heartbeat(thread, epoch)
        case .taken(let thread, let epoch, let worker): return taken(thread, epoch, worker)
        case .mapRunEnded(let thread, let epoch, let outcome): return mapRunEnded(thread, epoch, outcome)
        case .stop(let error, let cause):
            finish(.aborted, Failure(error: error, cause: cause), previous: lastEventId)
        case .redrive: break
        case .skip(let state, let output): return skip(state, output)
        case .changeInput(let state, let input): return changeInput(state, input)
        }
        return true
    }

    /// Whether the step that is not taken yet asks for anything beside its commit.
    public var hasEffects: Bool { !step.effects.isEmpty }

    /// What has happened since the last call.
    public mutating func takeStep() -> Step {
        var taken = Step()
        swap(&taken, &step)
        for id in taken.changed { threads[id]?.isStored = true }
        for (thread, _, _) in taken.outputs { branches[thread]?.isStored = true }
        return taken
    }

    private mutating func start() {
        append(.executionStarted, previous: 0, .started(input: facts.input.text, roleArn: facts.roleArn))
        var root = ExecutionThread(
            id: 0, parent: -1, index: 0, item: nil, graph: facts.graph, state: facts.graph.startAt,
            input: Payload(facts.firstInput ?? facts.input.value), previousId: 0)
        root.variables = facts.variables
        add(root)
        if let seconds = facts.timeoutSeconds {
            step.effects.append(.timer(thread: -1, epoch: 0, atMs: facts.startMs + Int64(seconds) * 1000))
        }
    }

    // MARK: Running threads

    mutating func add(_ thread: ExecutionThread) {
        threads[thread.id] = thread
        ready.append(thread.id)
    }

    func nextThreadId() -> Int { lastThread + 1 }

    /// Runs what can run, in the order in which it became able to.
    mutating func advance() {
        while end == nil, firstReady < ready.count {
            guard step.history.count < Self.stepEvents else {
                step.hasMore = true
                step.changed.formUnion(ready[firstReady...])
                return
            }
            let id = ready[firstReady]
            firstReady += 1
            if firstReady == ready.count {
                ready.removeAll(keepingCapacity: true)
                firstReady = 0
            }
            guard let thread = threads[id], !thread.isHalted else { continue }
            run(thread)
        }
    }

    private mutating func run(_ thread: ExecutionThread) {
        var thread = thread
        while true {
            guard let state = thread.graph.states[thread.state] else {
                _ = fail(&thread, Failure(error: "States.Runtime", cause: "There is no state '\(thread.state)'."))
                return
            }
            if case .entering = thread.waiting { enter(state, &thread) }
            guard perform(state, &thread) == .goesOn else { return }
            // A loop of states that never wait must not keep the store from hearing of it.
            if step.history.count >= Self.stepEvents {
                keep(thread)
                ready.append(thread.id)
                return
            }
        }
    }

    /// Whether the thread can go on at once.
    enum Turn { case goesOn, waits, ended }

    mutating func keep(_ thread: ExecutionThread) {
        threads[thread.id] = thread
        step.changed.insert(thread.id)
    }

    mutating func drop(_ id: Int) {
        guard let thread = threads.removeValue(forKey: id) else { return }
        step.changed.remove(id)
        if thread.isStored { step.removed.insert(id) }
        settle(id)
    }

    /// The outputs of the thread's branches are not needed any more.
    mutating func settle(_ id: Int) {
        guard let branches = branches.removeValue(forKey: id) else { return }
        step.outputs.removeAll { $0.thread == id }
        if branches.isStored { step.settled.insert(id) }
    }

    private mutating func enter(_ state: State, _ thread: inout ExecutionThread) {
        thread.beforeId = thread.previousId
        thread.enteredMs = moment.nowMs
        thread.attempts = []
        thread.retryCount = 0
        thread.waiting = .running
        thread.enteredId = append(
            state.kind.entered, &thread, .entered(state: state.name, input: thread.input.text))
    }

    // MARK: History

    @discardableResult
    mutating func append(
        _ type: HistoryEvent.Kind, previous: Int, _ details: HistoryEvent.Details = .none
    ) -> Int {
        guard end == nil else { return lastEventId }
        lastEventId += 1
        if lastEventId == Self.historyLimit, !facts.isExpress, !type.endsExecution {
            lastEventId -= 1
            exhausted(previous)
            return lastEventId
        }
        step.history.append(
            HistoryEvent(id: lastEventId, previousId: previous, atMs: moment.nowMs, type: type, details: details))
        return lastEventId
    }

    /// The same, as the next one of a thread.
    @discardableResult
    mutating func append(
        _ type: HistoryEvent.Kind, _ thread: inout ExecutionThread, _ details: HistoryEvent.Details = .none
    ) -> Int {
        thread.previousId = append(type, previous: thread.previousId, details)
        return thread.previousId
    }

    private mutating func exhausted(_ previous: Int) {
        finish(
            .failed,
            Failure(
                error: "States.Runtime",
                cause: "The execution reached the maximum number of history events (\(Self.historyLimit))."),
            previous: previous)
    }

    // MARK: The end

    mutating func finish(_ status: ExecutionEnd.Status, _ failure: Failure, previous: Int) {
        guard end == nil else { return }
        var details: JSON.Object = [:]
        if let error = failure.error { details["error"] = .string(error) }
        if let cause = failure.cause { details["cause"] = .string(cause) }
        let type: HistoryEvent.Kind =
            switch status {
            case .timedOut: .executionTimedOut
            case .aborted: .executionAborted
            default: .executionFailed
            }
        append(type, previous: previous, .members(details))
        close(ExecutionEnd(status: status, output: nil, error: failure.error, cause: failure.cause))
    }

    mutating func succeed(_ output: Payload, previous: Int) {
        append(.executionSucceeded, previous: previous, .succeeded(output: output.text))
        guard end == nil else { return }
        close(ExecutionEnd(status: .succeeded, output: output, error: nil, cause: nil))
    }

    private mutating func close(_ outcome: ExecutionEnd) {
        end = outcome
        step.end = outcome
        step.hasMore = false
        if facts.timeoutSeconds != nil { step.effects.append(.cancelTimer(thread: -1)) }
        for id in threads.keys.sorted() { halt(id) }
        ready = []
        firstReady = 0
        if outcome.status == .succeeded {
            for id in Array(threads.keys) { drop(id) }
        } else {
            step.changed.formUnion(threads.keys)
        }
    }

    /// Ends what the thread waits for and keeps it as it is, in case that the execution is redriven.
    mutating func halt(_ id: Int) {
        guard var thread = threads[id], !thread.isHalted else { return }
        stopWaiting(&thread)
        thread.isHalted = true
        threads[id] = thread
    }

    /// Cancels the thread's timer, its attempt, its map run.
    mutating func stopWaiting(_ thread: inout ExecutionThread) {
        switch thread.waiting {
        case .until, .retry: step.effects.append(.cancelTimer(thread: thread.id))
        case .task(let attempt):
            if attempt.hasTimer { step.effects.append(.cancelTimer(thread: thread.id)) }
            step.effects.append(.cancel(thread: thread.id, state: thread.state, attempt))
        case .mapRun(let arn, _): step.effects.append(.stopMapRun(arn: arn))
        case .entering, .running, .branches: break
        }
    }
}

/// Why a state has failed. A Fail state may name no error.
struct Failure: Sendable, Equatable {
    var error: String?
    var cause: String?
    /// What retriers and catchers see, where it differs from what histories show.
    var name: String

    init(error: String?, cause: String?, name: String? = nil) {
        self.error = error
        self.cause = cause
        self.name = name ?? error ?? ""
    }

    init(_ error: StatesError) { self.init(error: error.error, cause: error.cause) }
}

extension HistoryEvent.Kind {
    var endsExecution: Bool {
        switch self {
        case .executionSucceeded, .executionFailed, .executionTimedOut, .executionAborted: true
        default: false
        }
    }
}

extension TaskAttempt {
    var hasTimer: Bool {
        if case .poll = follow { return true }
        return timeoutAtMs != nil || heartbeatAtMs != nil
    }
}

extension State.Kind {
    var entered: HistoryEvent.Kind {
        switch self {
        case .pass: .passStateEntered
        case .task: .taskStateEntered
        case .choice: .choiceStateEntered
        case .wait: .waitStateEntered
        case .succeed: .succeedStateEntered
        case .fail: .failStateEntered
        case .parallel: .parallelStateEntered
        case .map: .mapStateEntered
        }
    }

    var exited: HistoryEvent.Kind {
        switch self {
        case .pass: .passStateExited
        case .task: .taskStateExited
        case .choice: .choiceStateExited
        case .wait: .waitStateExited
        case .succeed, .fail: .succeedStateExited
        case .parallel: .parallelStateExited
        case .map: .mapStateExited
        }
    }
}
