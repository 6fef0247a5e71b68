import BatonCore
import BatonStore

/// The messages with which SNS asks an HTTP endpoint to confirm, or to take an unsubscribe back.
///
/// Mail addresses are asked nothing: Baton sends no mail. They are confirmed with the token from the database, or stay
/// pending.
struct Greeting {
    static let tokenLength = 288

    private let messageId: String

    init(_ context: Context) { messageId = context.random.uuid() }

    /// To be sent when the transaction has been committed.
    func send(to subscription: Subscription, isFarewell: Bool = false, _ transaction: Transaction) throws {
        guard subscription.isHTTP else { return }
        let handshake = Handshake(
            messageId: messageId, topicArn: subscription.topicArn, subscriptionArn: subscription.arn,
            endpoint: subscription.endpoint, token: subscription.token, timestampMs: transaction.nowMs,
            isFarewell: isFarewell)
        let task = DueDelivery.Task(subscriptionArn: subscription.arn, publication: nil, handshake: handshake)
        try transaction.schedule(
            DueDelivery.kind, atMs: transaction.nowMs, account: subscription.account, region: subscription.region,
            payload: task.payload)
    }
}
