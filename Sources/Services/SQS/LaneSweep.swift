import GRDB
import BatonCore
import BatonStore

/// Removes the rows of a lane that no queue has any more, in small steps, until nothing is left.
enum LaneSweep {
    static let kind = "sqs.sweep"
    private static let rowsPerStep = 500

    static func schedule(_ lane: Int64, _ tx: Transaction) throws {
        try tx.schedule(kind, atMs: tx.nowMs, key: String(lane))
    }

    static func step(_ row: DueRow) -> DueOutcome {
        guard let lane = Int64(row.key) else { return .done }
        return .commit { tx in
            let removed = try tx.execute(
                "DELETE FROM sqs_messages WHERE id IN (SELECT id FROM sqs_messages WHERE lane = ? LIMIT ?)", lane,
                rowsPerStep)
            let groups = try tx.execute(
                """
                DELETE FROM sqs_groups WHERE lane = ? AND grp IN (SELECT grp FROM sqs_groups WHERE lane = ? LIMIT ?)
                """, lane, lane, rowsPerStep)
            if removed == rowsPerStep || groups == rowsPerStep {
                try schedule(lane, tx)
            } else {
                try tx.execute("DELETE FROM sqs_lanes WHERE id = ?", lane)
            }
        }
    }
}

extension Transaction {
    /// A place for messages that was never used before.
    func newLane() throws -> Int64 {
        try execute("INSERT INTO sqs_lanes DEFAULT VALUES")
        return db.lastInsertedRowID
    }
}
