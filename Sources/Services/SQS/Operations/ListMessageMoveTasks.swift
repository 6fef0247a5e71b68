import BatonStore
import AWSWire
import BatonCore

/// The move tasks of a dead-letter queue, the latest first: `MaxResults` of them (1–10, default 1).
/// Errors: ResourceNotFoundException. Source: SQS API reference, ListMessageMoveTasks.
enum ListMessageMoveTasks: ReadOperation {
    struct Input: Decodable, Sendable {
        let sourceArn: String
        let maxResults: Int?
    }
    struct Output: Encodable, Sendable { let results: [Entry]? }
    struct Entry: Encodable, Sendable {
        /// Of running tasks only.
        let taskHandle: String?
        let status: String
        let sourceArn: String
        let destinationArn: String?
        let maxNumberOfMessagesPerSecond: Int?
        let approximateNumberOfMessagesMoved: Int
        let approximateNumberOfMessagesToMove: Int
        let failureReason: String?
        /// Milliseconds since 1970.
        let startedTimestamp: Int64

        init(_ task: MoveTask) {
            taskHandle = task.status == MoveTask.Status.running.rawValue ? task.handle : nil
            status = task.status
            sourceArn = task.source
            destinationArn = task.destination
            maxNumberOfMessagesPerSecond = task.perSecond
            approximateNumberOfMessagesMoved = task.moved
            approximateNumberOfMessagesToMove = task.toMove
            failureReason = task.failure
            startedTimestamp = task.startedMs
        }
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        _ = try context.sqs.queues.named(input.sourceArn, "SourceArn")
        let count = input.maxResults ?? 1
        guard Limits.listedMoveTasks.contains(count) else {
            throw SQSError.invalid("MaxResults", count, "Must be >= 1 and <= 10, if provided.")
        }
        let tasks = try context.read { db in
            try db.rows(
                "SELECT * FROM sqs_move_tasks WHERE source = ? ORDER BY started_ms DESC, rowid DESC LIMIT ?",
                input.sourceArn, count
            ).map(MoveTask.init)
        }
        return Output(results: tasks.isEmpty ? nil : tasks.map(Entry.init))
    }
}
