import AWSWire
import BatonCore
import BatonStore

/// Makes a received message visible `VisibilityTimeout` seconds from now (0–43200), at most 12 hours after its receipt.
/// Errors: QueueDoesNotExist, ReceiptHandleIsInvalid, MessageNotInflight. Source: SQS API reference,
/// ChangeMessageVisibility.
enum ChangeMessageVisibility: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let receiptHandle: String
        let visibilityTimeout: Int
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let handle = try ReceiptHandle(input.receiptHandle, of: try sqs.queues.find(input.queueUrl, context))
        try SQS.checkVisibility(input.visibilityTimeout)
        return { tx in
            try sqs.changeVisibility(handle, seconds: input.visibilityTimeout, tx)
            return Nothing()
        }
    }
}
