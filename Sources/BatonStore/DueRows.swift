import GRDB
import Logging
import Synchronization

/// One due row as its handler gets it.
public struct DueRow: Sendable {
    public let id: Int64
    public let kind: String
    public let atMs: Int64
    public let account: String
    public let region: String
    public let key: String
    public let payload: String
    /// How often it was handled before without success.
    public let attempts: Int
}

/// What a handler decided after its effect.
public enum DueOutcome: Sendable {
    /// The row goes.
    case done
    /// The row goes in the same transaction in which this runs.
    case commit(@Sendable (Transaction) throws -> Void)
    /// The row stays and is handled again at this time, with one attempt more.
    case retry(atMs: Int64)
}

public typealias DueHandler = @Sendable (DueRow) async throws -> DueOutcome

/// Takes due rows after their commit and hands them to the handler of their kind: the dispatcher of timers and outbox.
///
/// A row is handled at least once: it goes only in the transaction that commits its result. Which rows are being handled
/// is known in memory alone, so that after a restart they are all taken again.
public final class DueRows: Sendable {
    private struct Kind {
        let handler: DueHandler
        let limit: Int
        let pullsTime: Bool
        var running: Set<Int64> = []
    }
    private struct Alarm {
        var timer: (any ClockTimer)?
        var atMs = Int64.max
    }
    private struct State {
        weak var store: Store?
        var kinds: [String: Kind] = [:]
        var isStarted = false
        var isScanning = false
        var scanAgain = false
        /// For the rows that pull time, and for those that do not.
        var timers = [true: Alarm(), false: Alarm()]
        var idle: [UnsafeContinuation<Void, Never>] = []
    }

    private let clock: any Clock
    private let state = Mutex(State())
    private let logger = Logger(label: "baton.due")
    /// How long handlers may take to end when Baton stops.
    private static let graceMs: Int64 = 5_000
    /// How long a result that did not fit on the disk waits before it is stored again.
    private static let fullDiskMs: Int64 = 1_000
    /// After a handler threw: 1 s, doubled with each attempt up to 5 min.
    private static func backoffMs(_ attempts: Int) -> Int64 { min(1000 << Int64(min(attempts, 9)), 300_000) }

    init(clock: any Clock) { self.clock = clock }

    func attach(_ store: Store) { state.withLock { $0.store = store } }

    /// Names the handler of a kind. Do so before ``start()``.
    /// - Parameters:
    ///   - limit: how many rows of this kind may be in work at once.
    ///   - pullsTime: whether a skipping clock may jump to rows of this kind; not to what comes again for ever.
    public func handle(_ kind: String, limit: Int = 64, pullsTime: Bool = true, _ handler: @escaping DueHandler) {
        state.withLock { $0.kinds[kind] = Kind(handler: handler, limit: limit, pullsTime: pullsTime) }
    }

    public func start() {
        state.withLock { $0.isStarted = true }
        scan()
    }

    /// Takes no more rows and waits until the running handlers have ended, but not longer than ``graceMs``: what has
    /// no result by then is handled again after the next start.
    func stop() async {
        let timers = state.withLock { state in
            state.isStarted = false
            return state.timers.values.map(\.timer)
        }
        for timer in timers { timer?.cancel() }
        let grace = clock.schedule(atMs: clock.nowMs + Self.graceMs, pullsTime: false) { [weak self] in
            self?.reportIdle(evenIfBusy: true)
        }
        await idle()
        grace.cancel()
    }

    /// Returns when no handler runs.
    public func idle() async {
        await withUnsafeContinuation { continuation in
            let isIdle = state.withLock { state in
                let isIdle = !state.isScanning && state.kinds.values.allSatisfy(\.running.isEmpty)
                if !isIdle { state.idle.append(continuation) }
                return isIdle
            }
            if isIdle { continuation.resume() }
        }
    }

    func pullsTime(_ kind: String) -> Bool { state.withLock { $0.kinds[kind]?.pullsTime ?? true } }

    /// A row was committed that is due at `atMs`.
    func scheduled(atMs: Int64, pullsTime: Bool = true) {
        if atMs <= clock.nowMs { scan() } else { wake(atMs: atMs, pullsTime: pullsTime) }
    }

    private func wake(atMs: Int64, pullsTime: Bool) {
        let isEarlier = state.withLock { state in
            guard state.isStarted, atMs < state.timers[pullsTime]?.atMs ?? .max else { return false }
            state.timers[pullsTime]?.atMs = atMs
            return true
        }
        guard isEarlier else { return }
        let timer = clock.schedule(atMs: atMs, pullsTime: pullsTime) { [weak self] in
            self?.state.withLock { state in
                if state.timers[pullsTime]?.atMs ?? .max <= atMs { state.timers[pullsTime]?.atMs = .max }
            }
            self?.scan()
        }
        let superfluous = state.withLock { state -> (any ClockTimer)? in
            // Somebody may have set an earlier one meanwhile.
            guard state.timers[pullsTime]?.atMs == atMs else { return timer }
            defer { state.timers[pullsTime]?.timer = timer }
            return state.timers[pullsTime]?.timer
        }
        superfluous?.cancel()
    }

    private func scan() {
        let starts = state.withLock { state in
            guard state.isStarted else { return false }
            state.scanAgain = true
            defer { state.isScanning = true }
            return !state.isScanning
        }
        guard starts else { return }
        clock.beginActivity()
        Task {
            while state.withLock({ state in
                defer { state.scanAgain = false }
                if !state.scanAgain { state.isScanning = false }
                return state.scanAgain
            }) {
                takeDue()
            }
            reportIdle()
            clock.endActivity()
        }
    }

    /// Starts the handlers of what is due and sets the timer for what comes next.
    private func takeDue() {
        let (store, kinds) = state.withLock { ($0.store, $0.kinds) }
        guard let store else { return }
        let now = clock.nowMs
        var nextMs = [true: Int64.max, false: Int64.max]
        for (kind, entry) in kinds {
            let room = entry.limit - entry.running.count
            // A row beyond the limit is found when a running one ends.
            guard room > 0 else { continue }
            do {
                let rows = try store.read { db in
                    try db.rows(
                        "SELECT * FROM due WHERE kind = ? AND at_ms <= ? ORDER BY at_ms, id LIMIT ?", kind, now,
                        entry.limit)
                }
                for row in rows.filter({ !entry.running.contains($0["id"]) }).prefix(room) { start(DueRow(row), store) }
                let next = try store.read { db in
                    try db.row("SELECT min(at_ms) AS at_ms FROM due WHERE kind = ? AND at_ms > ?", kind, now)
                }
                nextMs[entry.pullsTime] = min(nextMs[entry.pullsTime] ?? .max, next?["at_ms"] as Int64? ?? .max)
            } catch {
                logger.error("due rows cannot be read", metadata: ["kind": "\(kind)", "error": "\(error)"])
                nextMs[true] = min(nextMs[true] ?? .max, now + 1000)
            }
        }
        for (pullsTime, atMs) in nextMs where atMs < .max { wake(atMs: atMs, pullsTime: pullsTime) }
    }

    private func start(_ row: DueRow, _ store: Store) {
        let handler = state.withLock { state in
            state.kinds[row.kind]?.running.insert(row.id)
            return state.kinds[row.kind]?.handler
        }
        guard let handler else { return }
        clock.beginActivity()
        Task {
            await handle(row, handler, store)
            state.withLock { _ = $0.kinds[row.kind]?.running.remove(row.id) }
            scan()
            reportIdle()
            clock.endActivity()
        }
    }

    private func handle(_ row: DueRow, _ handler: DueHandler, _ store: Store) async {
        let outcome: DueOutcome
        do {
            outcome = try await handler(row)
        } catch {
            logger.warning(
                "a due row will be tried again",
                metadata: ["kind": "\(row.kind)", "key": "\(row.key)", "error": "\(error)"])
            outcome = .retry(atMs: clock.nowMs + Self.backoffMs(row.attempts))
        }
        await keep(outcome, of: row, store)
    }

    /// Commits what became of a row. While the disk is full it waits for room, so that the effect is not repeated.
    private func keep(_ decided: DueOutcome, of row: DueRow, _ store: Store) async {
        var outcome = decided
        while true {
            do {
                return try await store.write { [outcome] transaction in try transaction.keep(outcome, of: row) }
            } catch StoreError.full {
                logger.warning("a due row's result waits for room on the disk", metadata: ["kind": "\(row.kind)"])
                await clock.wait(untilMs: clock.nowMs + Self.fullDiskMs)
            } catch StoreError.closed {
                return
            } catch {
                logger.error(
                    "a due row's result cannot be stored", metadata: ["kind": "\(row.kind)", "error": "\(error)"])
                if case .retry = outcome { return }
                outcome = .retry(atMs: clock.nowMs + Self.backoffMs(row.attempts))
            }
        }
    }

    private func reportIdle(evenIfBusy: Bool = false) {
        let waiting = state.withLock { state -> [UnsafeContinuation<Void, Never>] in
            let isIdle = !state.isScanning && state.kinds.values.allSatisfy(\.running.isEmpty)
            guard isIdle || evenIfBusy else { return [] }
            defer { state.idle = [] }
            return state.idle
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension Transaction {
    fileprivate func keep(_ outcome: DueOutcome, of row: DueRow) throws {
        switch outcome {
        case .done: try cancelDue(id: row.id)
        case .commit(let body):
            // A row that was cancelled meanwhile has no result to commit.
            guard try execute("DELETE FROM due WHERE id = ?", row.id) == 1 else { return }
            try body(self)
        case .retry(let atMs):
            try execute("UPDATE due SET at_ms = ?, attempts = attempts + 1 WHERE id = ?", atMs, row.id)
        }
    }
}

extension DueRow {
    init(_ row: Row) {
        id = row["id"]
        kind = row["kind"]
        atMs = row["at_ms"]
        account = row["account"]
        region = row["region"]
        key = row["key"]
        payload = row["payload"]
        attempts = row["attempts"]
    }
}
