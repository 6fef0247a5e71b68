import AWSWire
import BatonCore

/// The tags of a queue.
/// Errors: QueueDoesNotExist. Source: SQS API reference, ListQueueTags.
enum ListQueueTags: ReadOperation {
    struct Input: Decodable, Sendable { let queueUrl: String }
    struct Output: Encodable, Sendable { let tags: [String: String]? }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let tags = try context.sqs.queues.find(input.queueUrl, context).tags
        return Output(tags: tags.isEmpty ? nil : tags)
    }
}
