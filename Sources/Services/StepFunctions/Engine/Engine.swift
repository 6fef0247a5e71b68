import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import JSONata
import Logging
import StatesLanguage
import Synchronization

/// Runs executions: what happens to one is handled in order, committed, and only then acted upon.
///
/// An execution is in memory while something happens to it or an attempt is being made; one that waits for a time, a
/// token or another execution is in the store alone.
final class Engine: Sendable {
    let machines: Machines
    let tasks: Tasks
    private let state = Mutex(State())
    private let lastId = Mutex<Int64>(0)
    private let lastExpress = Mutex<Int64>(0)
    let attempts = Slots(limit: 1000)
    let activityWaiters = ActivityWaiters()
    let mapRuns = MapRunDrivers()

    private struct State {
        var host: Host?
        var isStopping = false
        var boxes: [Int64: Box] = [:]
        /// What waits for the end of executions, by execution.
        var ends: [Int64: [@Sendable (ExecutionEnd) -> Void]] = [:]
        /// Work in memory, for ``idle()``.
        var busy = 0
        var idle: [UnsafeContinuation<Void, Never>] = []
    }

    /// The mailbox of one execution.
    private struct Box {
        var letters: [Letter] = []
        var isDraining = false
        /// Kept only while attempts are being made.
        var live: Live?
    }

    /// Something that happens to an execution, and who wants to know of its commit.
    struct Letter: Sendable {
        var event: ExecutionEvent?
        /// The attempt that has ended with this event.
        var flight: (thread: Int, epoch: Int)?
        var reply: (@Sendable (Result<Bool, any Error>) -> Void)?
    }

    init(_ machines: Machines, tasks: Tasks = Tasks()) {
        self.machines = machines
        self.tasks = tasks
    }

    var host: Host? { state.withLock { $0.host } }

    // MARK: Start of Baton

    func start(_ host: Host) async throws {
        state.withLock { $0.host = host }
        let last = try host.store.read { db in try db.row("SELECT max(id) AS id FROM sfn_execution") }
        lastId.withLock { $0 = last?["id"] as Int64? ?? 0 }
        host.onDue(StepWrite.timerKind, limit: 256) { [weak self] row, _ in
            guard let self else { throw StoreError.closed }
            let parts = row.key.split(separator: ".")
            guard parts.count == 2, let id = Int64(parts[0]), let thread = Int(parts[1]), let epoch = Int(row.payload)
            else { return .done }
            _ = try await send(id, .timer(thread: thread, epoch: epoch))
            return .done
        }
        host.onDue(StepWrite.cancelKind) { [weak self] row, context in
            guard let self, let (call, follow) = CancelledAttempt.parse(row.payload) else { return .done }
            await tasks.cancel(call, follow, context)
            return .done
        }
        try resume(host)
    }

    /// Goes on with what was under way when Baton ended.
    private func resume(_ host: Host) throws {
        let rows = try host.store.read { db in
            try db.rows("SELECT DISTINCT execution FROM sfn_thread WHERE work > 0")
        }
        let ids = rows.map { $0["execution"] as Int64 }
        let runs = try mapRuns.unfinished(host)
        guard !ids.isEmpty || !runs.isEmpty else { return }
        begin()
        Task { [self] in
            // A few at a time, so that thousands of executions do not all come into memory at once.
            for start in stride(from: 0, to: ids.count, by: 64) {
                await withTaskGroup(of: Void.self) { group in
                    for id in ids[start..<min(start + 64, ids.count)] {
                        group.addTask { _ = try? await self.wake(id) }
                    }
                }
            }
            for run in runs { mapRuns.wake(run, self) }
            done()
        }
    }

    func stop() async {
        state.withLock { $0.isStopping = true }
        activityWaiters.releaseAll()
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    // MARK: Ids

    func nextId() -> Int64 {
        lastId.withLock {
            $0 += 1
            return $0
        }
    }

    /// Express executions are in no table; their ids are negative.
    func nextExpressId() -> Int64 {
        lastExpress.withLock {
            $0 -= 1
            return $0
        }
    }

    func moment(_ id: Int64, _ host: Host) -> Moment {
        let random = host.random
        let nowMs = host.clock.nowMs
        return Moment(
            nowMs: nowMs,
            environment: Environment(nowMs: nowMs, random: { random.double() }, uuid: { random.uuid() }),
            unfit: { [tasks] in tasks.unfit($0, $1) }
        ) { thread, epoch in TaskToken(execution: id, thread: thread, epoch: epoch, secret: random.hex(16)).text }
    }

    // MARK: Mailboxes

    /// Lets something happen to an execution and waits for its commit.
    /// - Returns: whether it meant anything to the execution.
    func send(_ id: Int64, _ event: ExecutionEvent) async throws -> Bool {
        try await deliver(id, event)
    }

    /// Looks whether there is something to do.
    func wake(_ id: Int64) async throws -> Bool { try await deliver(id, nil) }

    private func deliver(_ id: Int64, _ event: ExecutionEvent?) async throws -> Bool {
        try await withUnsafeThrowingContinuation { continuation in
            post(id, Letter(event: event) { continuation.resume(with: $0) })
        }
    }

    func post(_ id: Int64, _ letter: Letter) {
        let starts = state.withLock { state in
            state.boxes[id, default: Box()].letters.append(letter)
            guard state.boxes[id]?.isDraining == false else { return false }
            state.boxes[id]?.isDraining = true
            return true
        }
        guard starts else { return }
        begin()
        Task { [self] in
            await drain(id)
            done()
        }
    }

    /// Takes the mailbox of an execution that is about to be started, so that nobody else loads it.
    func claim(_ id: Int64) {
        begin()
        state.withLock { $0.boxes[id] = Box(isDraining: true) }
    }

    /// Gives back what ``claim(_:)`` took, with the execution when it is to be kept.
    func release(_ id: Int64, _ live: Live?) async {
        if rest(id, live) { await drain(id, live) }
        done()
    }

    /// The same from where nothing can be awaited.
    func unclaim(_ id: Int64, _ live: Live) {
        guard rest(id, live) else { return done() }
        Task { [self] in
            await drain(id, live)
            done()
        }
    }

    private func take(_ id: Int64) -> ([Letter], Live?) {
        state.withLock { state in
            let letters = state.boxes[id]?.letters ?? []
            let live = state.boxes[id]?.live
            state.boxes[id]?.letters = []
            state.boxes[id]?.live = nil
            return (letters, live)
        }
    }

    /// - Returns: whether more letters have come.
    private func rest(_ id: Int64, _ live: Live?) -> Bool {
        state.withLock { state in
            guard state.boxes[id]?.letters.isEmpty == true else { return true }
            if let live, live.isKept {
                state.boxes[id] = Box(live: live)
            } else {
                state.boxes[id] = nil
            }
            return false
        }
    }

    /// Handles letters until none is left.
    private func drain(_ id: Int64, _ given: Live? = nil) async {
        var live = given
        while true {
            let (letters, kept) = take(id)
            live = live ?? kept
            if letters.isEmpty {
                if rest(id, live) { continue }
                return
            }
            do {
                if live == nil { live = try await load(id) }
            } catch {
                for letter in letters { letter.reply?(.failure(error)) }
                failed(id, error)
                continue
            }
            guard let known = live else {
                for letter in letters { letter.reply?(.success(false)) }
                continue
            }
            do {
                try await handle(letters, known)
            } catch {
                live = nil
                failed(id, error)
            }
        }
    }

    /// What could not be committed is loaded again; what nobody waits for is tried again later.
    private func failed(_ id: Int64, _ error: any Error) {
        if case StoreError.closed? = error as? StoreError { return }
        guard let host else { return }
        host.logger.warning("an execution's step was not stored", metadata: ["error": "\(error)"])
        begin()
        _ = host.clock.schedule(atMs: host.clock.nowMs + 1000, pullsTime: true) { [weak self] in
            self?.post(id, Letter())
            self?.done()
        }
    }

    // MARK: Ends

    /// Calls `body` once when the execution ends in this process. Express executions and those who wait for them.
    func onEnd(_ id: Int64, _ body: @escaping @Sendable (ExecutionEnd) -> Void) {
        state.withLock { $0.ends[id, default: []].append(body) }
    }

    func ended(_ id: Int64, _ end: ExecutionEnd) {
        let bodies = state.withLock { $0.ends.removeValue(forKey: id) ?? [] }
        for body in bodies { body(end) }
    }

    // MARK: Activity

    func begin() {
        state.withLock { $0.busy += 1 }
        host?.clock.beginActivity()
    }

    func done() {
        let waiting = state.withLock { state in
            state.busy -= 1
            guard state.busy == 0 else { return [UnsafeContinuation<Void, Never>]() }
            defer { state.idle = [] }
            return state.idle
        }
        host?.clock.endActivity()
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when nothing happens and no attempt is being made. For tests.
    func idle() async {
        await withUnsafeContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.busy > 0 { state.idle.append(continuation) }
                return state.busy == 0
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Executions in memory.
    var liveCount: Int { state.withLock { $0.boxes.count } }
}
