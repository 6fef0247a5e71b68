import AWSWire
import BatonCore
import BatonStore

/// Stores one message of up to 1 MiB with its attributes, visible after `DelaySeconds` (0–900; default: the queue's).
/// On a FIFO queue a duplicate of the last five minutes is not stored, and answers as the first one did.
/// Errors: QueueDoesNotExist, InvalidMessageContents. Source: SQS API reference, SendMessage.
enum SendMessage: WriteOperation {
    struct Input: Decodable, MessageInput {
        let queueUrl: String
        let messageBody: String
        let delaySeconds: Int?
        let messageAttributes: MessageAttributes.Map?
        let messageSystemAttributes: MessageAttributes.Map?
        let messageDeduplicationId: String?
        let messageGroupId: String?
    }
    struct Output: Encodable, Sendable {
        let md5OfMessageBody: String
        let md5OfMessageAttributes: String?
        let md5OfMessageSystemAttributes: String?
        let messageId: String
        let sequenceNumber: String?
    }

    static let needsSavepoint = false

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let queue = try sqs.queues.find(input.queueUrl, context)
        let message = try OutgoingMessage(input, to: queue, context)
        return { tx in
            let sent =
                try queue.isFifo
                ? tx.nested { try sqs.send(message, to: queue.id, $0) } : sqs.send(message, to: queue.id, tx)
            return Output(
                md5OfMessageBody: message.md5OfBody, md5OfMessageAttributes: message.md5OfAttributes,
                md5OfMessageSystemAttributes: message.md5OfSystemAttributes, messageId: sent.messageId,
                sequenceNumber: sent.sequenceNumber)
        }
    }
}
