import AWSWire
import BatonCore
import BatonStore

/// Removes a subscription; one that does not exist is removed as well. An HTTP endpoint learns of it and may take it
/// back with the token it gets.
///
/// Errors: InvalidParameter. Source: API reference, Unsubscribe.
enum Unsubscribe: WriteOperation {
    struct Input: Decodable, Sendable { let subscriptionArn: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try ResourceName.subscription(input.subscriptionArn)
        let topics = context.service(SNS.self).topics
        let token = context.random.hex(Greeting.tokenLength)
        let farewell = Greeting(context)
        return { transaction in
            guard var found = try Subscription.find(arn, transaction), found.state != .unsubscribed else {
                return Nothing()
            }
            let wasConfirmed = found.isConfirmed
            try found.delete(transaction)
            try transaction.cancelDue(kind: Expiry.kind, key: arn)
            if wasConfirmed, found.isHTTP {
                found.state = .unsubscribed
                found.token = token
                try found.save(transaction)
                try farewell.send(to: found, isFarewell: true, transaction)
                try Expiry.schedule(found, transaction)
            }
            try transaction.execute(
                "UPDATE sns_topic SET unsubscribed = unsubscribed + 1 WHERE arn = ?", found.topicArn)
            let topic = try Topic.find(found.topicArn, transaction)
            transaction.afterCommit { [topicArn = found.topicArn] in
                topics.remove(subscription: arn, topic: topicArn)
                if let topic { topics.put(topic) }
            }
            return Nothing()
        }
    }
}
