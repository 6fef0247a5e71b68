import AWSWire
import BatonCore
import BatonStore

/// Deletes a message by a receipt handle.
/// Errors: QueueDoesNotExist, ReceiptHandleIsInvalid. Source: SQS API reference, DeleteMessage.
enum DeleteMessage: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let receiptHandle: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let handle = try ReceiptHandle(input.receiptHandle, of: try sqs.queues.find(input.queueUrl, context))
        return { tx in
            try sqs.delete(handle, tx)
            return Nothing()
        }
    }
}
