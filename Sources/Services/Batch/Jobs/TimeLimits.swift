import BatonStore
import GRDB
import JSON
import Synchronization

/// What a queue does with jobs that stay RUNNABLE for long (`jobStateTimeLimitActions`).
///
/// `Assumed:` each RUNNABLE job counts, not only the first of the queue, and whatever it waits for.
final class TimeLimits: Sendable {
    struct Limit: Sendable, Equatable {
        let milliseconds: Int64
        let reason: String
        let terminates: Bool
    }

    private let limits = Mutex<[Int64: [Limit]]>([:])

    func set(_ settings: JSON?, queue: Int64) {
        let actions = settings?["jobStateTimeLimitActions"]?.array ?? []
        let list = actions.map { action in
            Limit(
                milliseconds: Int64(action["maxTimeSeconds"]?.int ?? 0) * 1000,
                reason: action["reason"]?.string ?? "", terminates: action["action"]?.string == "TERMINATE")
        }
        limits.withLock { $0[queue] = list.isEmpty ? nil : list }
    }

    func limits(queue: Int64) -> [Limit] { limits.withLock { $0[queue] ?? [] } }

    static func watch(_ job: JobRecord, _ transaction: Transaction, _ batch: Batch) throws {
        guard let limit = batch.timeLimits.limits(queue: job.queueId).min(by: { $0.milliseconds < $1.milliseconds })
        else { return }
        try transaction.schedule(
            Batch.timeLimitKind, atMs: transaction.nowMs + limit.milliseconds, account: job.account, region: job.region,
            key: String(job.seq), payload: limit.reason)
    }

    static func enforce(_ row: DueRow, _ transaction: Transaction, _ batch: Batch) throws {
        guard let seq = Int64(row.key) else { return }
        try JobLedger.run(transaction, batch) { ledger in
            guard let job = try ledger.record(seq), job.status == .runnable,
                let limit = batch.timeLimits.limits(queue: job.queueId).min(by: { $0.milliseconds < $1.milliseconds }),
                (job.runnableMs ?? 0) + limit.milliseconds <= transaction.nowMs
            else { return }
            ledger.tell(seq, limit.terminates ? .terminate(reason: limit.reason) : .cancel(reason: limit.reason))
        }
    }
}
