import GRDB
import AWSWire
import BatonStore

/// What can be done with a receipt handle.
extension SQS {
    /// Removes the message. On a standard queue every handle of the message does, also after it has become visible
    /// again; on a FIFO queue only the latest one, as long as the message is in flight. A message that has gone already
    /// is no error.
    func delete(_ handle: ReceiptHandle, _ tx: Transaction) throws {
        let queue = try queues.current(handle.queue)
        guard queue.isFifo else {
            try tx.execute("DELETE FROM sqs_messages WHERE id = ? AND lane = ? AND message_id = ?") {
                $0.int(handle.row)
                $0.int(queue.lane)
                $0.text(handle.messageId)
            }
            return
        }
        guard
            let row = try tx.row(
                "SELECT grp, receives, visible_ms FROM sqs_messages WHERE id = ? AND lane = ? AND message_id = ?",
                handle.row, queue.lane, handle.messageId)
        else { return }
        guard row["receives"] as Int == handle.receives, row["visible_ms"] as Int64 > tx.nowMs else {
            throw SQSError.receiptHandleExpired(handle.text)
        }
        try tx.execute("DELETE FROM sqs_messages WHERE id = ?", handle.row)
        if let readyMs = try tx.refreshGroup(queue.lane, row["grp"]) {
            announce(queue, at: readyMs, inFlight: true, tx)
        }
    }

    /// Makes the message visible `seconds` from now. Only the latest handle of a message does.
    func changeVisibility(_ handle: ReceiptHandle, seconds: Int, _ tx: Transaction) throws {
        let queue = try queues.current(handle.queue)
        guard
            let row = try tx.row(
                "SELECT grp, receives, visible_ms FROM sqs_messages WHERE id = ? AND lane = ? AND message_id = ?",
                handle.row, queue.lane, handle.messageId), row["receives"] as Int == handle.receives
        else { throw SQSError.notAvailableForChange(handle.text) }
        // A standard queue hides a message again whose time-out has passed, as AWS was seen to do.
        if queue.isFifo, (row["visible_ms"] as Int64) <= tx.nowMs { throw SQSError.messageNotInflight }
        let visibleMs = tx.nowMs + Int64(seconds) * 1000
        let limit = Limits.visibilitySeconds.upperBound
        guard visibleMs - handle.receivedMs <= Int64(limit) * 1000 else {
            throw SQSError.invalid(
                "VisibilityTimeout", seconds,
                "Total VisibilityTimeout for the message is beyond the limit [\(limit) seconds]")
        }
        try tx.execute("UPDATE sqs_messages SET visible_ms = ? WHERE id = ?", visibleMs, handle.row)
        let readyMs = queue.isFifo ? try tx.refreshGroup(queue.lane, row["grp"]) : nil
        announce(queue, at: readyMs ?? visibleMs, inFlight: true, tx)
    }

    static func checkVisibility(_ seconds: Int) throws(AWSError) {
        guard Limits.visibilitySeconds.contains(seconds) else {
            throw SQSError.invalid("VisibilityTimeout", seconds, "Must be >= 0 and <= 43200, if provided.")
        }
    }
}
