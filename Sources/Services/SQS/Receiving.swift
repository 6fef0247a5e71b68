import BatonStore
import GRDB
import JSON

/// A message as it lies in its row.
struct MessageRow: Sendable {
    let id: Int64
    let visibleMs: Int64
    let sentMs: Int64
    let receives: Int
    let firstMs: Int64?
    let messageId: String
    let sender: String
    let group: String?
    let sequence: Int64?
    let extra: String?
    let body: String

    init(_ columns: borrowing Columns) {
        id = columns.int(0)
        visibleMs = columns.int(1)
        sentMs = columns.int(2)
        receives = Int(columns.int(3))
        firstMs = columns.isNull(4) ? nil : columns.int(4)
        messageId = columns.text(5)
        sender = columns.text(6)
        group = columns.isNull(7) ? nil : columns.text(7)
        sequence = columns.isNull(8) ? nil : columns.int(8)
        extra = columns.isNull(9) ? nil : columns.text(9)
        body = columns.text(10)
    }
}

/// A message that was taken.
struct StoredMessage: Sendable {
    let row: MessageRow
    /// With this receive.
    let receives: Int
    let firstMs: Int64
    let handle: ReceiptHandle

    /// - Parameter again: for a repeated receive attempt, when it was received; nil for a receive at `nowMs`.
    init(_ row: MessageRow, queue: Int64, nowMs: Int64, again receivedMs: Int64? = nil) {
        self.row = row
        receives = row.receives + (receivedMs == nil ? 1 : 0)
        firstMs = row.firstMs ?? nowMs
        handle = ReceiptHandle(
            queue: queue, row: row.id, receives: receives, receivedMs: receivedMs ?? nowMs, messageId: row.messageId)
    }
}

/// One receive: takes what can be received and hides it.
struct Receiving {
    let sqs: SQS
    let queue: Queue
    let count: Int
    let visibilityMs: Int64
    /// FIFO only.
    let attempt: String?
    let tx: Transaction
    private(set) var taken: [StoredMessage] = []
    /// Whether messages left the queue without being taken: it is worth looking again.
    private var isChanged = false

    /// - Parameter visibilitySeconds: nil for the queue's.
    init(_ sqs: SQS, _ queue: Queue, count: Int, visibilitySeconds: Int?, attempt: String?, _ tx: Transaction) {
        self.sqs = sqs
        self.queue = queue
        self.count = count
        visibilityMs = Int64(visibilitySeconds ?? queue.settings.visibilityTimeout) * 1000
        self.attempt = queue.isFifo ? attempt : nil
        self.tx = tx
    }

    /// - Throws: `OverLimit` for a short poll of a standard queue with too many messages in flight; others get nothing.
    mutating func run(isShortPoll: Bool) throws -> [StoredMessage] {
        if let attempt, try repeatAttempt(attempt) { return taken }
        let room = try sqs.inFlight.room(queue, for: count, tx)
        guard room > 0 else {
            if isShortPoll, !queue.isFifo { throw SQSError.tooManyInFlight }
            return []
        }
        repeat {
            isChanged = false
            if queue.isFifo { try takeFromGroups(min(count, room)) } else { try takeByTime(min(count, room)) }
        } while taken.isEmpty && isChanged
        if !taken.isEmpty { sqs.inFlight.add(queue, taken.count) }
        if let attempt, !taken.isEmpty { try keepAttempt(attempt) }
        try announceRest()
        return taken
    }

    // MARK: Standard queues

    private mutating func takeByTime(_ limit: Int) throws {
        let (lane, nowMs, expiredMs) = (queue.lane, tx.nowMs, queue.expiredMs(tx.nowMs))
        var rows: [MessageRow] = []
        try tx.forEach(
            """
            SELECT id, visible_ms, sent_ms, receives, first_ms, message_id, sender, grp, sequence, extra, body
            FROM sqs_messages WHERE lane = ? AND visible_ms <= ? AND sent_ms > ?
            ORDER BY visible_ms, sent_ms, receives, id LIMIT ?
            """
        ) {
            $0.int(lane)
            $0.int(nowMs)
            $0.int(expiredMs)
            $0.int(limit)
        } read: {
            rows.append(MessageRow($0))
        }
        for row in rows { try take(row) }
    }

    /// Takes one message, or moves it to the dead-letter queue when it was received too often.
    private mutating func take(_ row: MessageRow) throws {
        if let policy = queue.settings.redrive, row.receives >= policy.maxReceiveCount,
            let target = sqs.queues[policy.target],
            row.receives - MessageExtra(row.extra).receivesBefore >= policy.maxReceiveCount
        {
            try tx.nested { try sqs.moveToDeadLetters(row.id, from: queue, to: target, $0) }
            isChanged = true
            return
        }
        let (nowMs, visibleMs) = (tx.nowMs, tx.nowMs + visibilityMs)
        try tx.execute(
            """
            UPDATE sqs_messages SET visible_ms = ?, receives = receives + 1, first_ms = coalesce(first_ms, ?)
            WHERE id = ?
            """
        ) {
            $0.int(visibleMs)
            $0.int(nowMs)
            $0.int(row.id)
        }
        taken.append(StoredMessage(row, queue: queue.id, nowMs: nowMs))
    }

    // MARK: FIFO queues

    /// As many messages as possible of the group whose turn it is, then of the next.
    private mutating func takeFromGroups(_ limit: Int) throws {
        let groups = try tx.rows(
            "SELECT grp FROM sqs_groups WHERE lane = ? AND ready_ms <= ? ORDER BY ready_ms, head LIMIT ?", queue.lane,
            tx.nowMs, limit)
        for group in groups where taken.count < limit { try takeFromGroup(group["grp"], limit) }
    }

    private mutating func takeFromGroup(_ group: String, _ limit: Int) throws {
        let (lane, limit, expiredMs) = (queue.lane, limit - taken.count, queue.expiredMs(tx.nowMs))
        var rows: [MessageRow] = []
        try tx.forEach(
            """
            SELECT id, visible_ms, sent_ms, receives, first_ms, message_id, sender, grp, sequence, extra, body
            FROM sqs_messages WHERE lane = ? AND grp = ? AND sequence IS NOT NULL ORDER BY id LIMIT ?
            """
        ) {
            $0.int(lane)
            $0.text(group)
            $0.int(limit)
        } read: {
            rows.append(MessageRow($0))
        }
        for row in rows {
            // Order comes first: nothing overtakes a message that is delayed.
            guard row.visibleMs <= tx.nowMs else { break }
            if row.sentMs <= expiredMs {
                try tx.execute("DELETE FROM sqs_messages WHERE id = ?", row.id)
                isChanged = true
            } else {
                try take(row)
            }
        }
        try tx.refreshGroup(queue.lane, group)
    }

    // MARK: Repeated attempts

    /// A client that lost the answer asks again with the same id and gets the same messages, hidden anew, as long as
    /// none of them was deleted or has come back.
    private mutating func repeatAttempt(_ attempt: String) throws -> Bool {
        guard
            let kept = try tx.row(
                "SELECT messages FROM sqs_attempts WHERE queue = ? AND attempt = ? AND expires_ms > ?", queue.id,
                attempt, tx.nowMs),
            let places = (try? JSON.parse(kept["messages"] as String))?.array
        else { return false }
        var again: [StoredMessage] = []
        for place in places {
            guard let id = place[0]?.int, let receives = place[1]?.int, let receivedMs = place[2]?.int,
                let row = try inFlight(id, receives)
            else { return false }
            again.append(StoredMessage(row, queue: queue.id, nowMs: tx.nowMs, again: Int64(receivedMs)))
        }
        for message in again {
            try tx.execute(
                "UPDATE sqs_messages SET visible_ms = ? WHERE id = ?", tx.nowMs + visibilityMs, message.row.id)
        }
        for group in Set(again.compactMap(\.row.group)) { try tx.refreshGroup(queue.lane, group) }
        taken = again
        return true
    }

    /// A message that has been neither deleted nor received since, and has not come back.
    private func inFlight(_ id: Int, _ receives: Int) throws -> MessageRow? {
        let (lane, nowMs) = (queue.lane, tx.nowMs)
        var row: MessageRow?
        try tx.forEach(
            """
            SELECT id, visible_ms, sent_ms, receives, first_ms, message_id, sender, grp, sequence, extra, body
            FROM sqs_messages WHERE id = ? AND lane = ? AND receives = ? AND visible_ms > ?
            """
        ) {
            $0.int(id)
            $0.int(lane)
            $0.int(receives)
            $0.int(nowMs)
        } read: {
            row = MessageRow($0)
        }
        return row
    }

    private func keepAttempt(_ attempt: String) throws {
        let places = taken.map { message -> JSON in
            [.number(Int(message.row.id)), .number(message.receives), .number(Int(message.handle.receivedMs))]
        }
        try tx.execute(
            "INSERT OR REPLACE INTO sqs_attempts (queue, attempt, messages, expires_ms) VALUES (?, ?, ?, ?)", queue.id,
            attempt, JSON.array(places).text(), tx.nowMs + Limits.attemptMs)
    }

    // MARK: Other receivers

    /// Those who wait learn of what is left now, or of when something comes.
    private func announceRest() throws {
        guard sqs.polls.isWaitedFor(queue.id) else { return }
        if taken.count == count { return sqs.announce(queue, at: tx.nowMs, tx) }
        let next =
            queue.isFifo
            ? try tx.row(
                "SELECT min(ready_ms) AS at_ms, 1 AS receives FROM sqs_groups WHERE lane = ? AND ready_ms > ?",
                queue.lane, tx.nowMs)
            : try tx.row(
                """
                SELECT visible_ms AS at_ms, receives FROM sqs_messages WHERE lane = ? AND visible_ms > ?
                ORDER BY visible_ms LIMIT 1
                """, queue.lane, tx.nowMs)
        guard let next, let atMs = next["at_ms"] as Int64? else { return }
        sqs.announce(queue, at: atMs, inFlight: next["receives"] as Int > 0, tx)
    }
}
