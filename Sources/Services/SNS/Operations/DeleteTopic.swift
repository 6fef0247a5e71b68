import AWSWire
import BatonCore
import BatonStore

/// Removes a topic with its subscriptions; one that does not exist is removed as well.
///
/// Errors: InvalidParameter. Source: API reference, DeleteTopic.
enum DeleteTopic: WriteOperation {
    struct Input: Decodable, Sendable { let topicArn: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try ResourceName.topic(input.topicArn, region: context.region)
        let topics = context.service(SNS.self).topics
        return { transaction in
            try transaction.execute("DELETE FROM sns_topic WHERE arn = ?", arn)
            try transaction.execute("DELETE FROM sns_subscription WHERE topic_arn = ?", arn)
            try transaction.execute("DELETE FROM sns_deduplication WHERE topic_arn = ?", arn)
            transaction.afterCommit { topics.remove(topic: arn) }
            return Nothing()
        }
    }
}
