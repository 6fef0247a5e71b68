import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Makes a pending subscription live, or brings one back that was unsubscribed, with the token that its endpoint got.
///
/// Endpoints call this by the plain URL of the message they got, so the topic's ARN says where it is.
/// Errors: InvalidParameter. Source: API reference, ConfirmSubscription.
enum ConfirmSubscription: WriteOperation {
    struct Input: Decodable, Sendable {
        let topicArn: String
        let token: String
        let authenticateOnUnsubscribe: String?
    }

    struct Output: Encodable, Sendable { let subscriptionArn: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        guard input.token.count >= Greeting.tokenLength, input.token.allSatisfy(\.isHexDigit) else {
            // What has not even the form of a token is told from one that nobody knows.
            throw input.token.contains { !$0.isHexDigit } ? SNSError.invalidToken : SNSError.invalidParameter("Token")
        }
        let topics = context.service(SNS.self).topics
        return { transaction in
            let row = try transaction.row("SELECT * FROM sns_subscription WHERE token = ?", input.token)
            guard var subscription = row.map(Subscription.init) else { throw SNSError.invalidParameter("Token") }
            guard subscription.topicArn == input.topicArn else { throw SNSError.invalidParameter("Topic") }
            subscription.state = .confirmed
            subscription.isAuthenticated = input.authenticateOnUnsubscribe == "true"
            try subscription.save(transaction)
            try transaction.cancelDue(kind: Expiry.kind, key: subscription.arn)
            transaction.afterCommit { [subscription] in topics.put(subscription) }
            return Output(subscriptionArn: subscription.arn)
        }
    }
}
