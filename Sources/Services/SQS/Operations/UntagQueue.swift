import AWSWire
import BatonCore
import BatonStore

/// Removes tags from a queue; keys that it has not are ignored.
/// Errors: QueueDoesNotExist. Source: SQS API reference, UntagQueue.
enum UntagQueue: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let queues = context.sqs.queues
        let id = try queues.find(input.queueUrl, context).id
        return { tx in
            try tx.changeQueue(id, queues) { queue in
                try tx.setTags(queue.tags.filter { !input.tagKeys.contains($0.key) }, of: queue)
            }
            return Nothing()
        }
    }
}
