import GRDB
import BatonStore
import Synchronization

/// How many messages of each lane may be in flight at most, so that the quota costs a count only near its limit.
///
/// The bound grows with each receive and is counted anew when it reaches the quota; being too high does no harm. Used
/// on the writer's thread alone.
final class InFlight: Sendable {
    private let bounds = Mutex<[Int64: Int]>([:])

    /// How many more messages may be received: at least `count` in the usual case.
    func room(_ queue: Queue, for count: Int, _ tx: Transaction) throws -> Int {
        let known = bounds.withLock { $0[queue.lane] }
        if let known, known + count <= Limits.inFlight { return Limits.inFlight - known }
        let counted =
            try tx.row(
                "SELECT count(*) AS n FROM sqs_messages WHERE lane = ? AND visible_ms > ? AND receives > 0",
                queue.lane, tx.nowMs)?["n"] as Int? ?? 0
        bounds.withLock { $0[queue.lane] = counted }
        return Limits.inFlight - counted
    }

    func add(_ queue: Queue, _ count: Int) {
        bounds.withLock { $0[queue.lane, default: 0] += count }
    }

    func forget(lane: Int64) { bounds.withLock { _ = $0.removeValue(forKey: lane) } }
}
