import AWSWire
import BatonCore

/// The URL of a queue by its name; of another account's queue with `QueueOwnerAWSAccountId`.
/// Errors: QueueDoesNotExist. Source: SQS API reference, GetQueueUrl.
enum GetQueueUrl: ReadOperation {
    struct Input: Decodable, Sendable {
        let queueName: String
        let queueOwnerAWSAccountId: String?
    }
    struct Output: Encodable, Sendable { let queueUrl: String }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let key = QueueKey(
            account: input.queueOwnerAWSAccountId ?? context.account, region: context.region, name: input.queueName)
        guard context.sqs.queues[key] != nil else { throw SQSError.queueDoesNotExist }
        return Output(queueUrl: key.url(context))
    }
}
