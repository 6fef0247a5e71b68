import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Moves the messages of a dead-letter queue to another queue, or each to the queue that it came from.
///
/// The task is a row; each step of it is a due row whose transaction moves some messages and schedules the next.
struct MoveTask: Sendable {
    static let kind = "sqs.move"
    /// Messages of one step of a task without `MaxNumberOfMessagesPerSecond`.
    private static let messagesPerStep = 200

    enum Status: String, Sendable {
        case running = "RUNNING"
        case completed = "COMPLETED"
        case cancelled = "CANCELLED"
        case failed = "FAILED"
    }

    let id: String
    let source: String
    let destination: String?
    let perSecond: Int?
    let status: String
    let moved: Int
    let toMove: Int
    let failure: String?
    let startedMs: Int64

    init(_ row: Row) {
        id = row["id"]
        source = row["source"]
        destination = row["destination"]
        perSecond = row["per_second"]
        status = row["status"]
        moved = row["moved"]
        toMove = row["to_move"]
        failure = row["failure"]
        startedMs = row["started_ms"]
    }

    static func find(_ id: String, _ db: Database) throws -> MoveTask? {
        try db.row("SELECT * FROM sqs_move_tasks WHERE id = ?", id).map(MoveTask.init)
    }

    // MARK: Handles

    var handle: String { Self.handle(id, source) }

    static func handle(_ id: String, _ source: String) -> String {
        Base64.encode((["taskId": .string(id), "sourceArn": .string(source)] as JSON).serialized())
    }

    static func parse(_ handle: String) throws(AWSError) -> (id: String, source: String) {
        guard let bytes = Base64.decode(handle), let task = try? JSON.parse(bytes), let id = task["taskId"]?.string,
            let source = task["sourceArn"]?.string
        else { throw SQSError.invalid("Value for parameter TaskHandle is invalid.") }
        return (id, source)
    }

    // MARK: Steps

    static func step(_ row: DueRow, _ context: Context) -> DueOutcome {
        .commit { tx in
            guard let task = try find(row.key, tx.db), task.status == Status.running.rawValue else { return }
            try task.step(row, context, tx)
        }
    }

    private func step(_ due: DueRow, _ context: Context, _ tx: Transaction) throws {
        let sqs = context.sqs
        guard let source = sqs.queues[arn: source] else {
            return try end(.failed, "AWS.SimpleQueueService.NonExistentQueue", tx)
        }
        let limit = perSecond ?? Self.messagesPerStep
        let rows = try Self.movable(source, limit, tx)
        var moved = 0
        var failure: String?
        for row in rows {
            switch target(MessageExtra(row["extra"] as String?), sqs) {
            case .found(let target):
                try sqs.redrive(row["id"], messageId: context.random.uuid(), to: target, tx)
                moved += 1
            case .failed(let reason): failure = reason
            }
            if failure != nil { break }
        }
        if source.isFifo {
            for group in Set(rows.compactMap { $0["grp"] as String? }) { try tx.refreshGroup(source.lane, group) }
        }
        try tx.execute("UPDATE sqs_move_tasks SET moved = moved + ? WHERE id = ?", moved, id)
        if let failure { return try end(.failed, failure, tx) }
        guard rows.count == limit else { return try end(.completed, nil, tx) }
        try tx.schedule(
            Self.kind, atMs: tx.nowMs + (perSecond == nil ? 0 : 1000), account: due.account, region: due.region, key: id
        )
    }

    /// What can be received from the queue now; of a FIFO queue group by group.
    private static func movable(_ source: Queue, _ limit: Int, _ tx: Transaction) throws -> [Row] {
        let expiredMs = source.expiredMs(tx.nowMs)
        guard source.isFifo else {
            return try tx.rows(
                """
                SELECT id, grp, extra FROM sqs_messages WHERE lane = ? AND visible_ms <= ? AND sent_ms > ?
                ORDER BY visible_ms, sent_ms, receives, id LIMIT ?
                """, source.lane, tx.nowMs, expiredMs, limit)
        }
        let groups = try tx.rows(
            "SELECT grp FROM sqs_groups WHERE lane = ? AND ready_ms <= ? ORDER BY ready_ms, head LIMIT ?", source.lane,
            tx.nowMs, limit)
        var movable: [Row] = []
        for group in groups where movable.count < limit {
            let rows = try tx.rows(
                """
                SELECT id, grp, extra, visible_ms, sent_ms FROM sqs_messages
                WHERE lane = ? AND grp = ? AND sequence IS NOT NULL ORDER BY id LIMIT ?
                """, source.lane, group["grp"] as String, limit - movable.count)
            movable += rows.prefix { ($0["visible_ms"] as Int64) <= tx.nowMs }.filter {
                ($0["sent_ms"] as Int64) > expiredMs
            }
        }
        return movable
    }

    private enum Target {
        case found(Queue)
        case failed(String)
    }

    private func target(_ extra: MessageExtra, _ sqs: SQS) -> Target {
        guard let arn = destination ?? extra.source else { return .failed("CouldNotDetermineMessageSource") }
        return sqs.queues[arn: arn].map(Target.found) ?? .failed("AWS.SimpleQueueService.NonExistentQueue")
    }

    private func end(_ status: Status, _ failure: String?, _ tx: Transaction) throws {
        try tx.execute(
            "UPDATE sqs_move_tasks SET status = ?, failure = ? WHERE id = ?", status.rawValue, failure, id)
    }
}
