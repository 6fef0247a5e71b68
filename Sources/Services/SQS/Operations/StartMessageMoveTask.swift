import AWSWire
import BatonCore
import BatonStore

/// Starts to move the messages of a dead-letter queue to `DestinationArn`, or each to the queue that it came from; at
/// most `MaxNumberOfMessagesPerSecond` (1–500). It goes on after a restart.
/// Errors: ResourceNotFoundException, UnsupportedOperation. Source: SQS API reference, StartMessageMoveTask.
enum StartMessageMoveTask: WriteOperation {
    struct Input: Decodable, Sendable {
        let sourceArn: String
        let destinationArn: String?
        let maxNumberOfMessagesPerSecond: Int?
    }
    struct Output: Encodable, Sendable { let taskHandle: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let queues = context.sqs.queues
        let source = try queues.named(input.sourceArn, "SourceArn")
        guard !queues.sources(of: source).isEmpty else {
            throw SQSError.invalid("Source queue must be configured as a Dead Letter Queue.")
        }
        if let arn = input.destinationArn {
            let destination = try queues.named(arn, "DestinationArn")
            // Assumed: the message.
            guard destination.isFifo == source.isFifo, destination.id != source.id else {
                throw SQSError.invalid("DestinationArn", arn, "Must be another queue of the same type as the source.")
            }
        }
        if let rate = input.maxNumberOfMessagesPerSecond, !Limits.movesPerSecond.contains(rate) {
            throw SQSError.invalid(
                "MaxNumberOfMessagesPerSecond", rate, "Must be >= 1 and <= 500, if provided.")
        }
        let id = context.random.uuid()
        let (account, region) = (context.account, context.region)
        return { tx in
            let running = try tx.row(
                "SELECT 1 FROM sqs_move_tasks WHERE source = ? AND status = ?", input.sourceArn,
                MoveTask.Status.running.rawValue)
            guard running == nil else {
                throw SQSError.invalid(
                    "There is already a task running. "
                        + "Only one active task is allowed for a source queue arn at a given time.")
            }
            let queue = try queues.current(source.id)
            try tx.execute(
                """
                INSERT INTO sqs_move_tasks
                    (id, account, region, source, destination, per_second, status, to_move, started_ms)
                SELECT ?, ?, ?, ?, ?, ?, ?, count(*), ? FROM sqs_messages
                WHERE lane = ? AND visible_ms <= ? AND sent_ms > ?
                """, id, account, region, input.sourceArn, input.destinationArn, input.maxNumberOfMessagesPerSecond,
                MoveTask.Status.running.rawValue, tx.nowMs, queue.lane, tx.nowMs, queue.expiredMs(tx.nowMs))
            try tx.schedule(MoveTask.kind, atMs: tx.nowMs, account: account, region: region, key: id)
            return Output(taskHandle: MoveTask.handle(id, input.sourceArn))
        }
    }
}

extension Queues {
    func named(_ arn: String, _ parameter: String) throws(AWSError) -> Queue {
        guard let queue = self[arn: arn] else {
            throw SQSError.notFound("The resource that you specified for the \(parameter) parameter doesn't exist.")
        }
        return queue
    }
}
