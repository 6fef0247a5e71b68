import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The subscriptions of a topic, 100 at a time.
///
/// Errors: InvalidParameter, NotFound. Source: API reference, ListSubscriptionsByTopic.
enum ListSubscriptionsByTopic: Operation {
    struct Input: Decodable, Sendable {
        let topicArn: String
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> ListSubscriptions.Output {
        let arn = try ResourceName.topic(input.topicArn, region: context.region)
        let start = try Page.start(input.nextToken)
        guard context.service(SNS.self).topics[arn] != nil else { throw SNSError.topicNotFound }
        return try context.read { db in
            ListSubscriptions.Output(
                try db.rows(
                    """
                    SELECT * FROM sns_subscription
                    WHERE topic_arn = ? AND arn > ? AND state <> 'unsubscribed' ORDER BY arn LIMIT ?
                    """, arn, start, Page.size + 1))
        }
    }
}
