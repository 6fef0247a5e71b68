import AWSWire
import BatonCore
import BatonStore

/// The write that every change of a topic is: read, change, store, then memory.
enum TopicChange {
    static func prepare(
        _ arn: String, _ context: Context, missing: AWSError = SNSError.topicNotFound,
        _ change: @escaping @Sendable (inout Topic) throws -> Void
    ) -> Write<Nothing> {
        let topics = context.service(SNS.self).topics
        return { transaction in
            guard var topic = try Topic.find(arn, transaction) else { throw missing }
            try change(&topic)
            try topic.update(transaction)
            transaction.afterCommit { [topic] in topics.put(topic) }
            return Nothing()
        }
    }
}
