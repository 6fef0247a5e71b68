import BatonCore
import BatonStore
import GRDB

/// Executions that have ended are forgotten 90 days later, with their histories, map runs and tokens; their names can
/// be used again. Source: Step Functions developer guide, "Quotas related to state machine executions".
///
/// One due row stands for all of them: it is set to the moment at which the next one may go.
enum Retention {
    static let kind = "sfn.retention"
    static let keptMs: Int64 = 90 * 86_400_000
    /// Executions come and go in order, so that looking more often than this finds little each time.
    private static let leastPauseMs: Int64 = 60_000
    /// Executions that one look covers.
    private static let page = 200
    /// Rows that one transaction deletes, so that nobody waits for the writer.
    private static let rows = 256

    /// Sees to it that the due row is there.
    static func start(_ host: Host) async throws {
        host.onDue(kind, limit: 1, pullsTime: false) { row, context in
            .retry(atMs: try await sweep(context.host, nowMs: max(row.atMs, context.nowMs)))
        }
        try await host.store.write { tx in
            guard try tx.row("SELECT 1 FROM due WHERE kind = ?", kind) == nil else { return }
            try tx.schedule(kind, atMs: tx.nowMs + keptMs)
        }
    }

    /// Forgets what may go.
    /// - Returns: when to look again.
    private static func sweep(_ host: Host, nowMs: Int64) async throws -> Int64 {
        let cutoffMs = nowMs - keptMs
        var nextMs = nowMs + keptMs
        var last: Int64 = 0
        while true {
            let found = try host.store.read { [last] db in try Candidate.page(after: last, page, db) }
            var gone: [Int64] = []
            // Ids grow with time: behind the first that had not begun before the cutoff there is nothing to do.
            let begun = found.prefix { $0.startMs <= cutoffMs }
            for candidate in begun {
                guard let closedMs = candidate.closedMs else { continue }
                if closedMs <= cutoffMs {
                    gone.append(candidate.id)
                } else {
                    nextMs = min(nextMs, closedMs + keptMs)
                }
            }
            try await forget(gone, cutoffMs, host)
            guard begun.count == page, let id = begun.last?.id else {
                if begun.count < found.count { nextMs = min(nextMs, found[begun.count].startMs + keptMs) }
                return max(nextMs, nowMs + leastPauseMs)
            }
            last = id
        }
    }

    private static func forget(_ ids: [Int64], _ cutoffMs: Int64, _ host: Host) async throws {
        var rest = ids[...]
        while !rest.isEmpty {
            let left = rest
            rest = rest.dropFirst(try await host.store.write { tx in try forget(left, cutoffMs, tx) })
        }
    }

    private struct Candidate: Sendable {
        let id: Int64
        let startMs: Int64
        /// When it and the map run that it is a child of have ended.
        let closedMs: Int64?

        static func page(after id: Int64, _ limit: Int, _ db: Database) throws -> [Candidate] {
            try db.rows(
                """
                SELECT e.id AS id, e.start_ms AS start_ms, e.stop_ms AS stop_ms, m.id AS run, m.stop_ms AS run_stop_ms
                FROM sfn_execution AS e LEFT JOIN sfn_map_run AS m ON m.id = e.map_run
                WHERE e.id > ? ORDER BY e.id LIMIT ?
                """, id, limit
            ).map { row in
                var closedMs: Int64? = row["stop_ms"]
                if row["run"] as Int64? != nil {
                    let runMs: Int64? = row["run_stop_ms"]
                    closedMs = closedMs.flatMap { own in runMs.map { max(own, $0) } }
                }
                return Candidate(id: row["id"], startMs: row["start_ms"], closedMs: closedMs)
            }
        }
    }

    /// What hangs on an execution, each with a bound; the execution itself comes last.
    private static let parts = [
        """
        DELETE FROM sfn_map_item WHERE (run, item) IN (SELECT run, item FROM sfn_map_item
            WHERE run IN (SELECT id FROM sfn_map_run WHERE execution = ?) LIMIT ?)
        """,
        """
        DELETE FROM sfn_map_count WHERE (run, status) IN (SELECT run, status FROM sfn_map_count
            WHERE run IN (SELECT id FROM sfn_map_run WHERE execution = ?) LIMIT ?)
        """,
        "DELETE FROM sfn_map_run WHERE id IN (SELECT id FROM sfn_map_run WHERE execution = ? LIMIT ?)",
        """
        DELETE FROM sfn_history WHERE (execution, first_id) IN
            (SELECT execution, first_id FROM sfn_history WHERE execution = ? LIMIT ?)
        """,
        """
        DELETE FROM sfn_thread WHERE (execution, id) IN
            (SELECT execution, id FROM sfn_thread WHERE execution = ? LIMIT ?)
        """,
        """
        DELETE FROM sfn_output WHERE (execution, thread, after_id) IN
            (SELECT execution, thread, after_id FROM sfn_output WHERE execution = ? LIMIT ?)
        """,
        """
        DELETE FROM sfn_activity_task WHERE id IN (SELECT id FROM sfn_activity_task WHERE execution = ? LIMIT ?)
        """,
    ]

    /// Deletes what one transaction may.
    /// - Returns: how many of the executions are gone, from the first on.
    private static func forget(_ ids: ArraySlice<Int64>, _ cutoffMs: Int64, _ tx: Transaction) throws -> Int {
        var rest = rows
        for (count, id) in ids.enumerated() {
            guard rest > 0 else { return count }
            // It may have been redriven meanwhile.
            guard try tx.row("SELECT 1 FROM sfn_execution WHERE id = ? AND stop_ms <= ?", id, cutoffMs) != nil else {
                continue
            }
            for part in parts {
                rest -= try tx.execute(part, id, rest)
                guard rest > 0 else { return count }
            }
            rest -= try tx.execute("DELETE FROM sfn_execution WHERE id = ?", id)
        }
        return ids.count
    }
}
