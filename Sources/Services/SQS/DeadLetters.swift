import GRDB
import BatonStore

extension SQS {
    /// Moves one message to the dead-letter queue of its queue. A FIFO message starts a new retention period there; a
    /// standard one keeps its age. Source: SQS developer guide, "Setting-up dead-letter queue retention".
    func moveToDeadLetters(_ row: Int64, from source: Queue, to target: Queue, _ tx: Transaction) throws {
        let sequence = target.isFifo ? try tx.nextSequence(target) : nil
        try tx.execute(
            """
            INSERT INTO sqs_messages
                (lane, visible_ms, sent_ms, receives, first_ms, message_id, sender, grp, sequence, extra, body)
            SELECT ?, ?, iif(?, ?, sent_ms), receives, first_ms, message_id, sender, grp, ?,
                json_set(coalesce(extra, '{}'), '$.s', ?, '$.r', receives), body
            FROM sqs_messages WHERE id = ?
            """, target.lane, tx.nowMs, target.isFifo, tx.nowMs, sequence, source.key.arn, row)
        try finishMove(row, tx.db.lastInsertedRowID, to: target, tx)
    }

    /// Moves one message by a move task: it becomes a new message with the same content.
    func redrive(_ row: Int64, messageId: String, to target: Queue, _ tx: Transaction) throws {
        let sequence = target.isFifo ? try tx.nextSequence(target) : nil
        try tx.execute(
            """
            INSERT INTO sqs_messages (lane, visible_ms, sent_ms, message_id, sender, grp, sequence, extra, body)
            SELECT ?, ?, ?, ?, sender, grp, ?, json_remove(extra, '$.s', '$.r'), body
            FROM sqs_messages WHERE id = ?
            """, target.lane, tx.nowMs, tx.nowMs, messageId, sequence, row)
        try finishMove(row, tx.db.lastInsertedRowID, to: target, tx)
    }

    /// The old row goes last, so that its number is not used for the new one.
    private func finishMove(_ old: Int64, _ new: Int64, to target: Queue, _ tx: Transaction) throws {
        if target.isFifo, let group = try tx.row("SELECT grp FROM sqs_messages WHERE id = ?", new)?["grp"] as String? {
            try tx.addToGroup(target.lane, group, readyMs: tx.nowMs, row: new)
        }
        try tx.execute("DELETE FROM sqs_messages WHERE id = ?", old)
        announce(target, at: tx.nowMs, tx)
    }
}
