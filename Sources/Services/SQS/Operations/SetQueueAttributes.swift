import AWSWire
import BatonCore
import BatonStore

/// Changes attributes of a queue; `Policy`, `RedrivePolicy`, `RedriveAllowPolicy` and `KmsMasterKeyId` go with the
/// empty text. Changes hold at once.
/// Errors: QueueDoesNotExist, InvalidAttributeName, InvalidAttributeValue. Source: SQS API reference,
/// SetQueueAttributes.
enum SetQueueAttributes: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let attributes: [String: String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let queues = context.sqs.queues
        let id = try queues.find(input.queueUrl, context).id
        return { tx in
            try tx.changeQueue(id, queues) { queue in
                let attributes = try QueueAttributes.merge(
                    input.attributes, into: queue.settings.given, isFifo: queue.isFifo)
                try RedrivePolicy.check(input.attributes, for: queue.key, isFifo: queue.isFifo, queues)
                try tx.setAttributes(attributes, of: queue)
            }
            return Nothing()
        }
    }
}

extension Transaction {
    func setAttributes(_ attributes: [String: String], of queue: Queue) throws {
        try execute(
            "UPDATE sqs_queues SET attributes = ?, modified_ms = ? WHERE id = ?", StringMap.text(attributes), nowMs,
            queue.id)
    }
}
