import AWSWire
import BatonCore
import BatonStore

/// Changes one attribute of a subscription; an empty value, or an empty JSON object, gives it up.
///
/// Errors: InvalidParameter, NotFound. Source: API reference, SetSubscriptionAttributes.
enum SetSubscriptionAttributes: WriteOperation {
    struct Input: Decodable, Sendable {
        let subscriptionArn: String
        let attributeName: String
        let attributeValue: String?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try ResourceName.subscription(input.subscriptionArn)
        let topics = context.service(SNS.self).topics
        return { transaction in
            var subscription = try Subscription.existing(arn, transaction)
            subscription.attributes = try SubscriptionAttributes.changed(
                subscription.attributes, [input.attributeName: input.attributeValue ?? ""],
                fifoQueue: subscription.topicArn.hasSuffix(".fifo") && subscription.endpoint.hasSuffix(".fifo"),
                isCreating: false)
            try subscription.save(transaction)
            transaction.afterCommit { [subscription] in topics.put(subscription) }
            return Nothing()
        }
    }
}
