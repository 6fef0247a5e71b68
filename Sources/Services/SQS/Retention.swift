import GRDB
import BatonCore
import BatonStore
import Logging
import Synchronization

/// Removes what has expired: messages beyond the retention period of their queue, and what is known of deduplication
/// and receive attempts. Nothing depends on it but the size of the database: expired rows are never received.
///
/// It runs on a timer that does not pull time, rather than on due rows: a skipping clock would else jump from day to
/// day until all messages have expired.
final class Retention: Sendable {
    private static let intervalMs: Int64 = 60_000
    private static let rowsPerStep = 500
    private struct State {
        var timer: (any ClockTimer)?
        var isStopped = false
    }
    private let state = Mutex(State())

    func start(_ host: Host, _ queues: Queues) {
        state.withLock { $0.isStopped = false }
        schedule(host, queues)
    }

    func stop() {
        let timer = state.withLock { state in
            state.isStopped = true
            return state.timer
        }
        timer?.cancel()
    }

    private func schedule(_ host: Host, _ queues: Queues) {
        guard !state.withLock({ $0.isStopped }) else { return }
        let timer = host.clock.schedule(atMs: host.clock.nowMs + Self.intervalMs, pullsTime: false) { [self] in
            Task {
                do {
                    try await Self.sweep(host.store, queues)
                } catch {
                    host.logger.warning("expired messages cannot be removed", metadata: ["error": "\(error)"])
                }
                schedule(host, queues)
            }
        }
        state.withLock { $0.timer = timer }
    }

    static func sweep(_ store: Store, _ queues: Queues) async throws {
        for queue in queues.all {
            while try await remove(queue, store) {}
        }
        for table in ["sqs_deduplication", "sqs_attempts"] {
            let key = table == "sqs_attempts" ? "attempt" : "key"
            while try await removeOutdated(table, key, store) {}
        }
    }

    /// - Returns: whether there may be more.
    private static func remove(_ queue: Queue, _ store: Store) async throws -> Bool {
        let expiredMs = queue.expiredMs(store.clock.nowMs)
        // A message is not visible before it was sent: what has been visible since `expiredMs` is at least that old.
        let found = try store.read { db in
            try db.row("SELECT 1 FROM sqs_messages WHERE lane = ? AND visible_ms <= ? LIMIT 1", queue.lane, expiredMs)
        }
        guard found != nil else { return false }
        return try await store.write { tx in
            let rows = try tx.rows(
                "SELECT id, grp FROM sqs_messages WHERE lane = ? AND visible_ms <= ? LIMIT ?", queue.lane, expiredMs,
                rowsPerStep)
            for row in rows { try tx.execute("DELETE FROM sqs_messages WHERE id = ?", row["id"] as Int64) }
            if queue.isFifo {
                for group in Set(rows.compactMap { $0["grp"] as String? }) {
                    try tx.refreshGroup(queue.lane, group)
                }
            }
            return rows.count == rowsPerStep
        }
    }

    private static func removeOutdated(_ table: String, _ key: String, _ store: Store) async throws -> Bool {
        let nowMs = store.clock.nowMs
        let found = try store.read { db in
            try db.row("SELECT 1 FROM \(table) WHERE expires_ms <= ? LIMIT 1", nowMs)
        }
        guard found != nil else { return false }
        return try await store.write { tx in
            let removed = try tx.execute(
                """
                DELETE FROM \(table) WHERE (queue, \(key)) IN
                    (SELECT queue, \(key) FROM \(table) WHERE expires_ms <= ? LIMIT ?)
                """, nowMs, rowsPerStep)
            return removed == rowsPerStep
        }
    }
}
