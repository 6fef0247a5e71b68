import AWSWire
import BatonCore
import BatonStore

/// Deletes all messages of a queue, at most once in 60 seconds. What was received before cannot be changed any more.
/// Errors: QueueDoesNotExist, PurgeQueueInProgress. Source: SQS API reference, PurgeQueue.
enum PurgeQueue: WriteOperation {
    struct Input: Decodable, Sendable { let queueUrl: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let id = try sqs.queues.find(input.queueUrl, context).id
        return { tx in
            try tx.changeQueue(id, sqs.queues) { queue in
                guard tx.nowMs - queue.purgedMs >= Limits.purgeIntervalMs else {
                    throw SQSError.purgeInProgress(queue.key.name)
                }
                try tx.execute(
                    "UPDATE sqs_queues SET lane = ?, purged_ms = ? WHERE id = ?", try tx.newLane(), tx.nowMs, id)
                try LaneSweep.schedule(queue.lane, tx)
                tx.afterCommit { sqs.inFlight.forget(lane: queue.lane) }
            }
            return Nothing()
        }
    }
}
