import AWSWire
import BatonCore
import BatonStore

/// Adds tags to a queue or changes their values.
/// Errors: QueueDoesNotExist. Source: SQS API reference, TagQueue.
enum TagQueue: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let tags: [String: String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let queues = context.sqs.queues
        let id = try queues.find(input.queueUrl, context).id
        return { tx in
            try tx.changeQueue(id, queues) { queue in
                let tags = queue.tags.merging(input.tags) { _, new in new }
                try QueueTags.check(tags, of: queue.key)
                try tx.setTags(tags, of: queue)
            }
            return Nothing()
        }
    }
}

enum QueueTags {
    /// Assumed: the message.
    static func check(_ tags: [String: String], of queue: QueueKey) throws(AWSError) {
        guard tags.count <= Limits.tags else {
            throw SQSError.invalid("Too many tags added for queue \(queue.name).")
        }
    }
}

extension Transaction {
    func setTags(_ tags: [String: String], of queue: Queue) throws {
        try execute("UPDATE sqs_queues SET tags = ? WHERE id = ?", StringMap.text(tags), queue.id)
    }
}
