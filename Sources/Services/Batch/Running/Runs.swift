import AWSWire
import BatonCore
import BatonProcess
import BatonStore
import Foundation
import JSON
import Logging
import Synchronization

/// The attempts that are being made: starts them, watches their containers and brings what becomes of them to the ledger.
final class Runs: Sendable {
    /// What begins once its row says so.
    struct Order: Sendable {
        let job: JobRecord
        let spec: JobSpec
        /// The row that holds the booking: a node's is its job's.
        let bookedBy: Int64
        /// What is booked.
        let entry: Schedule.Entry
    }

    let engine: any JobEngine
    private let batch = Mutex<WeakBatch>(WeakBatch())
    private let attempts = Mutex<[String: Attempt]>([:])
    private let logTimer = Mutex<(any ClockTimer)?>(nil)
    /// How often the output of what runs is brought to its log streams, ms.
    private static let logMs: Int64 = 500
    private static let fullDiskMs: Int64 = 1_000

    private struct WeakBatch: Sendable { weak var value: Batch? }

    init(_ engine: any JobEngine) { self.engine = engine }

    func start(_ batch: Batch) { self.batch.withLock { $0 = WeakBatch(value: batch) } }

    func stop() {
        engine.stop()
        logTimer.withLock { timer in
            timer?.cancel()
            timer = nil
        }
        attempts.withLock { $0 = [:] }
    }

    // MARK: Beginning

    /// Writes that these jobs start, and starts them. Whoever was cancelled meanwhile gives back what was booked.
    func begin(_ picks: [Schedule.Pick]) async {
        guard let batch = batch.withLock({ $0.value }), let host = batch.host else { return }
        let orders = await persistently(host) { [random = host.random] transaction in
            try JobLedger.run(transaction, batch) { ledger in
                try picks.flatMap { try ledger.begin($0, random) }
            }
        }
        let begun = Set((orders ?? []).map(\.bookedBy))
        let given = picks.map(\.entry.seq).filter { !begun.contains($0) }
        if !given.isEmpty {
            batch.dispatcher.change(releasing: given, adding: [], removing: [], nowMs: host.clock.nowMs)
        }
        for order in orders ?? [] { launch(order, batch, host) }
    }

    private func launch(_ order: Order, _ batch: Batch, _ host: BatonCore.Host) {
        guard let attempt = Attempt(order, batch, host, self) else { return }
        attempts.withLock { $0[attempt.launch] = attempt }
        host.clock.beginActivity()
        Task { await attempt.start() }
        watchLogs(host.clock)
    }

    /// Takes up an attempt that was under way when Baton ended.
    func attach(_ order: Order, _ batch: Batch, _ host: BatonCore.Host) {
        guard let attempt = Attempt(order, batch, host, self) else { return }
        attempts.withLock { $0[attempt.launch] = attempt }
        host.clock.beginActivity()
        Task { await attempt.attach() }
        watchLogs(host.clock)
    }

    func terminate(_ launch: String) {
        let attempt = attempts.withLock { $0[launch] }
        attempt?.terminate()
    }

    // MARK: What happens to attempts

    func started(_ attempt: Attempt) async {
        guard let batch = batch.withLock({ $0.value }), let host = batch.host else { return }
        await persistently(host) { transaction in
            try JobLedger.run(transaction, batch) { ledger in
                guard let job = try ledger.record(attempt.order.job.seq), job.launch == attempt.launch else { return }
                let changed = try ledger.apply(.started, to: job, startedMs: attempt.startedMs)
                if changed.kind == .node { ledger.tell(attempt.order.bookedBy, .started) }
                guard changed.status == .running, let seconds = attempt.order.spec.timeoutSeconds else { return }
                try transaction.schedule(
                    Batch.timeoutKind, atMs: (changed.startedMs ?? transaction.nowMs) + Int64(seconds) * 1000,
                    account: job.account,
                    region: job.region, key: attempt.launch, payload: String(job.seq))
            }
        }
    }

    func ended(_ attempt: Attempt, _ end: AttemptEnd) async {
        guard let batch = batch.withLock({ $0.value }), let host = batch.host else { return }
        await persistently(host) { transaction in
            try JobLedger.run(transaction, batch) { ledger in
                guard let job = try ledger.record(attempt.order.job.seq), job.launch == attempt.launch else { return }
                try ledger.apply(.ended(end), to: job)
                if attempt.order.spec.timeoutSeconds != nil {
                    try transaction.cancelDue(kind: Batch.timeoutKind, key: attempt.launch)
                }
                if attempt.hasOutput {
                    try transaction.execute(
                        "DELETE FROM batch_log WHERE folder >= ? AND folder < ?", attempt.launch + "/",
                        attempt.launch + "0")
                }
            }
        }
        attempts.withLock { $0[attempt.launch] = nil }
        attempt.cleanUp()
        host.clock.endActivity()
    }

    /// Writes until the disk has room; nil when the store is closed.
    @discardableResult
    func persistently<T: Sendable>(
        _ host: BatonCore.Host, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async -> T? {
        while true {
            do {
                return try await host.store.write(body)
            } catch StoreError.full {
                await host.clock.wait(untilMs: host.clock.nowMs + Self.fullDiskMs)
            } catch StoreError.closed {
                return nil
            } catch {
                host.logger.error("a job's change cannot be stored", metadata: ["error": "\(error)"])
                return nil
            }
        }
    }

    // MARK: Logs

    /// Brings output to log streams as long as anything runs.
    private func watchLogs(_ clock: any BatonStore.Clock) {
        logTimer.withLock { timer in
            guard timer == nil else { return }
            timer = clock.schedule(atMs: clock.nowMs + Self.logMs, pullsTime: false) { [weak self] in
                guard let self else { return }
                logTimer.withLock { $0 = nil }
                let running = attempts.withLock { Array($0.values) }
                guard !running.isEmpty else { return }
                Task { for attempt in running { await attempt.deliverLogs() } }
                watchLogs(clock)
            }
        }
    }
}

extension JobLedger {
    /// What begins with a pick: one attempt, or one for each node.
    mutating func begin(_ pick: Schedule.Pick, _ random: RandomSource) throws -> [Runs.Order] {
        guard var job = try record(pick.entry.seq), job.status == .runnable else { return [] }
        let spec = try batch.specs.spec(job, transaction.db)
        job.environmentId = pick.environment
        for (id, quantity) in job.needs.consumables {
            try transaction.execute(
                "UPDATE batch_consumable SET total = max(0, total - ?) WHERE id = ? AND type = 'NON_REPLENISHABLE'",
                quantity, id)
        }
        if job.kind == .multinode {
            try apply(.chosen, to: job)
            return try children(job).compactMap { node in
                var node = node
                node.environmentId = pick.environment
                return try begin(node, spec, random, bookedBy: pick.entry)
            }
        }
        return try begin(job, spec, random, bookedBy: pick.entry).map { [$0] } ?? []
    }

    private mutating func begin(
        _ prepared: JobRecord, _ spec: JobSpec, _ random: RandomSource, bookedBy entry: Schedule.Entry
    ) throws -> Runs.Order? {
        var job = prepared
        job.launch = random.hex(32)
        let name = job.definition.split(separator: ":").first.map(String.init) ?? job.definition
        let first = spec.containers(node: job.kind == .node ? job.childIndex : nil).first
        job.logStream = "\(first?.logPrefix ?? name)/default/\(random.hex(32))"
        job.startedMs = nil
        job.exitCode = nil
        job.exitReason = nil
        let changed = try apply(.chosen, to: job)
        guard changed.status == .starting else { return nil }
        return Runs.Order(job: changed, spec: spec, bookedBy: entry.seq, entry: entry)
    }
}
