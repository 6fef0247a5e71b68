import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import Logging
import StatesLanguage
import Synchronization

/// Drives map runs: reads their items, keeps as many children running as may run, and tells the Map state of the end.
/// Everything it knows is in rows: it may be woken at any time.
final class MapRunDrivers: Sendable {
    /// By map run: whether it is to be looked at again.
    private let state = Mutex<[Int64: Bool]>([:])
    /// How many children run at once when nothing is said. Source: Step Functions developer guide, "Map state in
    /// Distributed mode": up to 10,000; Baton starts the next when one ends.
    private static let mostRunning = 1000
    private static let batch = 64

    func unfinished(_ host: Host) throws -> [Int64] {
        try host.store.read { db in
            try db.rows("SELECT id FROM sfn_map_run WHERE phase < 5").map { $0["id"] }
        }
    }

    func wake(_ run: Int64, _ engine: Engine) {
        let starts = state.withLock { state in
            defer { state[run] = true }
            return state[run] == nil
        }
        guard starts else { return }
        engine.begin()
        Task { [self] in
            while again(run) {
                do {
                    while try await advance(run, engine) {}
                } catch {
                    engine.retry(error) { [weak self, weak engine] in
                        if let engine { self?.wake(run, engine) }
                    }
                }
            }
            engine.done()
        }
    }

    private func again(_ run: Int64) -> Bool {
        state.withLock { state in
            guard state[run] == true else {
                state[run] = nil
                return false
            }
            state[run] = false
            return true
        }
    }

    func childEnded(_ run: Int64, _ record: ExecutionRecord, _ end: ExecutionEnd, _ engine: Engine) {
        wake(run, engine)
    }

    /// One thing to do.
    /// - Returns: whether there may be more.
    private func advance(_ id: Int64, _ engine: Engine) async throws -> Bool {
        guard let host = engine.host,
            let run = try host.store.read({ db in try MapRunRecord.find(id, db) })
        else { return false }
        switch run.phase {
        case .reading: return try await MapRunReading(run: run, engine: engine, host: host).read()
        case .running: return try await spread(run, engine, host)
        case .writing: return try await MapRunWriting(run: run, engine: engine, host: host).write()
        case .stopping: return try await stop(run, engine, host)
        case .telling: return try await tell(run, engine, host)
        case .over: return false
        }
    }

    // MARK: Children

    private func spread(_ run: MapRunRecord, _ engine: Engine, _ host: Host) async throws -> Bool {
        let counts = try host.store.read { db in try MapRunCounts(run.id, db) }
        if run.isExceeded(counts) {
            let error = TaskOutcome.failed(
                StatesError(
                    "States.ExceedToleratedFailureThreshold",
                    "The specified tolerated failure threshold was exceeded"))
            try await move(run, to: .stopping, outcome: error.tree.text(), host)
            return true
        }
        let running = counts.executions(.running)
        if running == 0, counts.executions(.pending) == 0 {
            try await move(run, to: .writing, outcome: nil, host)
            return true
        }
        let most = run.maxConcurrency == 0 ? Self.mostRunning : min(run.maxConcurrency, Self.mostRunning)
        guard running < most, counts.executions(.pending) > 0 else { return false }
        let children = try host.store.read { db in
            try db.rows(
                "SELECT item, items, input, execution FROM sfn_map_item WHERE run = ? AND status = 'PENDING' ORDER BY item LIMIT ?",
                run.id, min(most - running, Self.batch))
        }
        let revision = try host.store.read { db in try engine.machines.revision(run.revision, db) }
        let context = host.context(account: run.account, region: run.region)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for row in children {
                let child = Child(row)
                group.addTask { try await self.start(child, run, revision, engine, context) }
            }
            try await group.waitForAll()
        }
        return true
    }

    private struct Child: Sendable {
        let item: Int
        let items: Int
        let input: String
        /// Set when it has run before and is to be redriven.
        let execution: Int64?

        init(_ row: Row) {
            item = row["item"]
            items = row["items"]
            input = row["input"]
            execution = row["execution"]
        }
    }

    private func start(
        _ child: Child, _ run: MapRunRecord, _ revision: Revision, _ engine: Engine, _ context: Context
    ) async throws {
        if let execution = child.execution, !run.isExpress {
            try await context.write { tx in
                try MapRunItem.move(run.id, child.item, to: ChildStatus.running.rawValue, tx)
            }
            _ = try await engine.send(execution, .redrive)
            return
        }
        let name = context.random.uuid()
        var record = ExecutionRecord(
            id: run.isExpress ? engine.nextExpressId() : engine.nextId(), account: run.account, region: run.region,
            arn: Engine.executionArn(run.machineArn, name, run.isExpress ? "express" : "execution"),
            machineArn: run.machineArn, name: name, revision: run.revision, startMs: context.nowMs,
            input: child.input)
        record.mapRun = run.id
        record.mapState = run.state
        record.item = child.item
        record.itemCount = child.items
        guard run.isExpress else {
            _ = try await engine.begin(record, revision, context)
            return
        }
        let new = record
        try await context.write { tx in
            try MapRunItem.begin(run.id, child.item, execution: new.id, name: name, tx)
        }
        engine.run(express: new, revision, context.host) { [weak self, weak engine] _, end in
            guard let self, let engine else { return }
            closeExpress(run.id, child.item, end, engine)
        }
    }

    private func closeExpress(_ run: Int64, _ item: Int, _ end: ExecutionEnd, _ engine: Engine) {
        engine.begin()
        Task { [self] in
            // What is not stored runs again: express children are made at least once.
            _ = try? await engine.host?.store.write { tx in try MapRunItem.close(run, item, end, tx) }
            wake(run, engine)
            engine.done()
        }
    }

    // MARK: The end

    private func stop(_ run: MapRunRecord, _ engine: Engine, _ host: Host) async throws -> Bool {
        let running = try host.store.read { db in
            try db.rows("SELECT execution FROM sfn_map_item WHERE run = ? AND status = 'RUNNING'", run.id)
        }
        for row in running {
            _ = try await engine.send(row["execution"], .stop(error: nil, cause: nil))
        }
        let left = try host.store.read { db in try MapRunCounts(run.id, db).executions(.running) }
        guard left == 0 else { return false }
        if run.outcome != nil { await MapRunWriting(run: run, engine: engine, host: host).exportFailed() }
        let status = run.outcome == nil ? "ABORTED" : "FAILED"
        try await finish(run, status, to: run.outcome == nil ? .over : .telling, outcome: run.outcome, host)
        return true
    }

    private func tell(_ run: MapRunRecord, _ engine: Engine, _ host: Host) async throws -> Bool {
        let outcome = run.outcome.flatMap { try? JSON.parse($0) }.flatMap(TaskOutcome.init(tree:))
        let told: MapRunOutcome =
            switch outcome {
            case .succeeded(let output)?: .succeeded(output)
            case .failed(let error)?: .failed(error)
            default: .failed(StatesError("States.Runtime", "The map run has no outcome."))
            }
        _ = try await engine.send(run.execution, .mapRunEnded(thread: run.thread, epoch: run.epoch, told))
        try await move(run, to: .over, outcome: nil, host)
        return false
    }

    /// The next phase, unless somebody has stopped the map run meanwhile.
    func move(_ run: MapRunRecord, to phase: MapRunPhase, outcome: String?, _ host: Host) async throws {
        try await host.store.write { tx in
            try tx.execute(
                "UPDATE sfn_map_run SET phase = ?, outcome = ? WHERE id = ? AND phase = ?", phase.rawValue, outcome,
                run.id, run.phase.rawValue)
        }
    }

    func finish(
        _ run: MapRunRecord, _ status: String, to phase: MapRunPhase, outcome: String?, _ host: Host
    ) async throws {
        try await host.store.write { tx in
            try tx.execute(
                "UPDATE sfn_map_run SET phase = ?, outcome = ?, status = ?, stop_ms = ? WHERE id = ? AND phase = ?",
                phase.rawValue, outcome, status, tx.nowMs, run.id, run.phase.rawValue)
        }
    }
}

extension Engine {
    /// Tries again in a second what the store did not take.
    func retry(_ error: any Error, _ body: @escaping @Sendable () -> Void) {
        if case StoreError.closed? = error as? StoreError { return }
        guard let host else { return }
        host.logger.warning("a map run waits for the store", metadata: ["error": "\(error)"])
        _ = host.clock.schedule(atMs: host.clock.nowMs + 1000, pullsTime: true, body)
    }
}
