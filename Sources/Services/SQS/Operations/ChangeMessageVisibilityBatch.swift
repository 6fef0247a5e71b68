import AWSWire
import BatonCore
import BatonStore

/// Changes the visibility of up to ten messages in one transaction; each entry that is at fault fails alone.
/// Errors: QueueDoesNotExist and the errors of batches. Source: SQS API reference, ChangeMessageVisibilityBatch.
enum ChangeMessageVisibilityBatch: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let entries: [Entry]
    }
    struct Entry: BatchEntry {
        let id: String
        let receiptHandle: String
        let visibilityTimeout: Int?
    }
    struct Success: Encodable, Sendable { let id: String }

    typealias Output = BatchResult<Success>

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let queue = try sqs.queues.find(input.queueUrl, context)
        try Batch.check(input.entries, of: "ChangeMessageVisibilityBatch")
        return { tx in
            var successful: [Success] = []
            var failed: [BatchResultErrorEntry] = []
            for entry in input.entries {
                do {
                    guard let seconds = entry.visibilityTimeout else { throw SQSError.missing("VisibilityTimeout") }
                    try SQS.checkVisibility(seconds)
                    try sqs.changeVisibility(
                        try ReceiptHandle(entry.receiptHandle, of: queue), seconds: seconds, tx)
                    successful.append(Success(id: entry.id))
                } catch let error as AWSError where error != SQSError.queueDoesNotExist {
                    failed.append(BatchResultErrorEntry(entry.id, error))
                }
            }
            return BatchResult(successful, failed)
        }
    }
}
