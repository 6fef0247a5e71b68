import AWSWire
import BatonCore
import BatonStore

/// Removes the statement of a label from the queue's policy.
/// Errors: QueueDoesNotExist. Source: SQS API reference, RemovePermission.
enum RemovePermission: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let label: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let queues = context.sqs.queues
        let id = try queues.find(input.queueUrl, context).id
        return { tx in
            try tx.changeQueue(id, queues) { queue in
                var policy = QueuePolicy(queue)
                guard policy.has(input.label) else {
                    throw SQSError.invalid("Label", input.label, "can't find label.")
                }
                policy.remove(input.label)
                try tx.setAttributes(policy.attributes(of: queue), of: queue)
            }
            return Nothing()
        }
    }
}
