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

    static let needsSavepoint = false

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let queue = try sqs.queues.find(input.queueUrl, context)
        let handle = try ReceiptHandle(input.receiptHandle, of: queue)
        return { tx in
            if queue.isFifo { try tx.nested { try sqs.delete(handle, $0) } } else { try sqs.delete(handle, tx) }
            return Nothing()
        }
    }
}
