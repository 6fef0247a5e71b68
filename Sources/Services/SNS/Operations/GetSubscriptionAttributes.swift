import AWSWire
import BatonCore
import JSON

/// Everything that is known of a subscription.
///
/// Errors: InvalidParameter, NotFound. Source: API reference, GetSubscriptionAttributes.
enum GetSubscriptionAttributes: Operation {
    struct Input: Decodable, Sendable { let subscriptionArn: String }
    struct Output: Encodable, Sendable { let attributes: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let arn = try ResourceName.subscription(input.subscriptionArn)
        let topics = context.service(SNS.self).topics
        guard let subscription = topics.subscription(arn), subscription.state != .unsubscribed,
            let topic = topics[subscription.topicArn]?.topic
        else { throw SNSError.subscriptionNotFound }
        return Output(attributes: SubscriptionAttributes.all(of: subscription, topic: topic))
    }
}
