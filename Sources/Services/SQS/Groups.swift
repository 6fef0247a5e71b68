import BatonStore
import GRDB

/// The message groups of FIFO queues. A group is *locked* while messages of it are in flight: its row says when the
/// last of them returns, so that one indexed look-up finds the groups that can be received from.
extension Transaction {
    /// A message was put at the end of its group.
    func addToGroup(_ lane: Int64, _ group: String, readyMs: Int64, row: Int64) throws {
        try execute(
            "INSERT INTO sqs_groups (lane, grp, ready_ms, head) VALUES (?, ?, ?, ?) ON CONFLICT (lane, grp) DO NOTHING",
            lane, group, readyMs, row)
    }

    /// Messages of the group were received, removed or made visible.
    /// - Returns: when the group can be received from; nil when no message is left in it.
    @discardableResult
    func refreshGroup(_ lane: Int64, _ group: String) throws -> Int64? {
        // One receive takes at most ten messages from the head, and nothing more until all of them have returned: what
        // is in flight is among the first ten.
        let rows = try rows(
            """
            SELECT id, visible_ms, receives FROM sqs_messages
            WHERE lane = ? AND grp = ? AND sequence IS NOT NULL ORDER BY id LIMIT ?
            """, lane, group, Limits.messagesPerReceive.upperBound)
        guard let head = rows.first else {
            try execute("DELETE FROM sqs_groups WHERE lane = ? AND grp = ?", lane, group)
            return nil
        }
        let locked = rows.filter { $0["receives"] as Int > 0 && $0["visible_ms"] as Int64 > nowMs }
        let readyMs: Int64 = locked.map { $0["visible_ms"] }.max() ?? head["visible_ms"]
        try execute(
            "UPDATE sqs_groups SET ready_ms = ?, head = ? WHERE lane = ? AND grp = ?", readyMs,
            head["id"] as Int64, lane, group)
        return readyMs
    }
}
