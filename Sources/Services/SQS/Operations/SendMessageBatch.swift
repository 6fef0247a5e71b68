import AWSWire
import BatonCore
import BatonStore

/// Stores up to ten messages of together up to 1 MiB, all in one transaction; each that is at fault fails alone.
/// Errors: QueueDoesNotExist, BatchRequestTooLong and the errors of batches. Source: SQS API reference,
/// SendMessageBatch.
enum SendMessageBatch: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let entries: [Entry]
    }
    struct Entry: BatchEntry, MessageInput {
        let id: String
        let messageBody: String
        let delaySeconds: Int?
        let messageAttributes: MessageAttributes.Map?
        let messageSystemAttributes: MessageAttributes.Map?
        let messageDeduplicationId: String?
        let messageGroupId: String?
    }
    struct Success: Encodable, Sendable {
        let id: String
        let messageId: String
        let md5OfMessageBody: String
        let md5OfMessageAttributes: String?
        let md5OfMessageSystemAttributes: String?
        let sequenceNumber: String?
    }

    typealias Output = BatchResult<Success>

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let queue = try sqs.queues.find(input.queueUrl, context)
        try Batch.check(input.entries, of: "SendMessageBatch")
        if queue.isFifo { try checkFifo(input.entries, queue) }
        let bytes = input.entries.reduce(0) { $0 + OutgoingMessage.bytes($1) }
        guard bytes <= Limits.messageBytes else { throw SQSError.batchTooLong(bytes) }
        var messages: [(id: String, message: OutgoingMessage)] = []
        var failed: [BatchResultErrorEntry] = []
        for entry in input.entries {
            do {
                messages.append((entry.id, try OutgoingMessage(entry, to: queue, context)))
            } catch {
                failed.append(BatchResultErrorEntry(entry.id, error))
            }
        }
        return { [messages, failed] tx in
            let successful = try messages.map { id, message in
                let sent = try sqs.send(message, to: queue.id, tx)
                return Success(
                    id: id, messageId: sent.messageId, md5OfMessageBody: message.md5OfBody,
                    md5OfMessageAttributes: message.md5OfAttributes,
                    md5OfMessageSystemAttributes: message.md5OfSystemAttributes, sequenceNumber: sent.sequenceNumber)
            }
            return BatchResult(successful, failed)
        }
    }

    /// What FIFO queues cannot do without fails the whole request.
    private static func checkFifo(_ entries: [Entry], _ queue: Queue) throws(AWSError) {
        guard entries.allSatisfy({ !($0.messageGroupId ?? "").isEmpty }) else { throw SQSError.noGroupIdInBatch }
        let hasIds = entries.allSatisfy { !($0.messageDeduplicationId ?? "").isEmpty }
        guard hasIds || queue.settings.contentBasedDeduplication else { throw SQSError.noDeduplicationId }
    }
}
