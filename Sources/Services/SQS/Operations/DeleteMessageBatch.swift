import AWSWire
import BatonCore
import BatonStore

/// Deletes up to ten messages in one transaction; each handle that is at fault fails alone.
/// Errors: QueueDoesNotExist and the errors of batches. Source: SQS API reference, DeleteMessageBatch.
enum DeleteMessageBatch: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let entries: [Entry]
    }
    struct Entry: BatchEntry {
        let id: String
        let receiptHandle: String
    }
    struct Success: Encodable, Sendable { let id: String }

    typealias Output = BatchResult<Success>

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let sqs = context.sqs
        let queue = try sqs.queues.find(input.queueUrl, context)
        try Batch.check(input.entries, of: "DeleteMessageBatch")
        return { tx in
            var successful: [Success] = []
            var failed: [BatchResultErrorEntry] = []
            for entry in input.entries {
                do {
                    try sqs.delete(try ReceiptHandle(entry.receiptHandle, of: queue), tx)
                    successful.append(Success(id: entry.id))
                } catch let error as AWSError where error != SQSError.queueDoesNotExist {
                    failed.append(BatchResultErrorEntry(entry.id, error))
                }
            }
            return BatchResult(successful, failed)
        }
    }
}
