import GRDB
import BatonStore

/// What became of a sent message: of the first one for a duplicate.
struct SentMessage: Sendable {
    let messageId: String
    let sequenceNumber: String?
}

extension SQS {
    /// Stores a message: one statement for a standard queue.
    func send(_ message: OutgoingMessage, to id: Int64, _ tx: Transaction) throws -> SentMessage {
        let queue = try queues.current(id)
        guard queue.isFifo, let group = message.group, let deduplicationId = message.deduplicationId else {
            try tx.execute(
                """
                INSERT INTO sqs_messages (lane, visible_ms, sent_ms, message_id, sender, grp, extra, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
            ) {
                $0.int(queue.lane)
                $0.int(tx.nowMs + message.delayMs)
                $0.int(tx.nowMs)
                $0.text(message.messageId)
                $0.text(message.sender)
                $0.text(message.group)
                $0.text(message.extra)
                $0.text(message.body)
            }
            announce(queue, at: tx.nowMs + message.delayMs, tx)
            return SentMessage(messageId: message.messageId, sequenceNumber: nil)
        }
        let key = queue.settings.deduplicatesByGroup ? "\(group) \(deduplicationId)" : deduplicationId
        if let first = try tx.row(
            "SELECT message_id, sequence FROM sqs_deduplication WHERE queue = ? AND key = ? AND expires_ms > ?",
            queue.id, key, tx.nowMs)
        {
            return SentMessage(messageId: first["message_id"], sequenceNumber: SequenceNumber.text(first["sequence"]))
        }
        let sequence = try tx.nextSequence(queue)
        try tx.execute(
            """
            INSERT OR REPLACE INTO sqs_deduplication (queue, key, message_id, sequence, expires_ms)
            VALUES (?, ?, ?, ?, ?)
            """, queue.id, key, message.messageId, sequence, tx.nowMs + Limits.deduplicationMs)
        try tx.execute(
            """
            INSERT INTO sqs_messages (lane, visible_ms, sent_ms, message_id, sender, grp, sequence, extra, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, queue.lane, tx.nowMs + message.delayMs, tx.nowMs, message.messageId, message.sender, group, sequence,
            message.extra, message.body)
        try tx.addToGroup(queue.lane, group, readyMs: tx.nowMs + message.delayMs, row: tx.db.lastInsertedRowID)
        announce(queue, at: tx.nowMs + message.delayMs, tx)
        return SentMessage(messageId: message.messageId, sequenceNumber: SequenceNumber.text(sequence))
    }

    /// Tells the long polls of a queue, after the commit, that a message can be received from `atMs` on. Who begins to
    /// wait after this look at the line looks for messages after this transaction.
    func announce(_ queue: Queue, at atMs: Int64, inFlight: Bool = false, _ tx: Transaction) {
        guard polls.isWaitedFor(queue.id) else { return }
        let (id, nowMs, polls) = (queue.id, tx.nowMs, polls)
        tx.afterCommit { polls.available(id, atMs: atMs, nowMs: nowMs, pullsTime: !inFlight) }
    }
}

/// 20 digits, growing within a queue, not consecutive.
enum SequenceNumber {
    static func text(_ sequence: Int64) -> String {
        String(10_000_000_000_000_000_000 + UInt64(max(0, sequence)) &* 256)
    }
}

extension Transaction {
    func nextSequence(_ queue: Queue) throws -> Int64 {
        try row("UPDATE sqs_queues SET sequence = sequence + 1 WHERE id = ? RETURNING sequence", queue.id)?["sequence"]
            ?? 1
    }
}
