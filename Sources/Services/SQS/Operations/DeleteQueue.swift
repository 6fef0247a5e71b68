import AWSWire
import BatonCore
import BatonStore

/// Deletes a queue with its messages. A queue of the same name can be created again at once.
/// Errors: QueueDoesNotExist. Source: SQS API reference, DeleteQueue.
enum DeleteQueue: WriteOperation {
    struct Input: Decodable, Sendable { let queueUrl: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let found = try sqs.queues.find(input.queueUrl, context)
        return { tx in
            guard let queue = try Queue.find(found.id, tx.db) else { throw SQSError.queueDoesNotExist }
            try tx.execute("DELETE FROM sqs_queues WHERE id = ?", queue.id)
            try LaneSweep.schedule(queue.lane, tx)
            tx.afterCommit {
                sqs.queues.remove(queue)
                sqs.inFlight.forget(lane: queue.lane)
                sqs.polls.dismiss(queue.id)
            }
            return Nothing()
        }
    }
}
