import BatonStore

/// The end of subscriptions that wait for a confirmation, or for their endpoint to take an unsubscribe back.
///
/// Limit: tokens are valid for two days. Source: API reference, Subscribe.
enum Expiry {
    static let kind = "sns.expiry"
    static let afterMs: Int64 = 2 * 86_400_000

    static func schedule(_ subscription: Subscription, _ transaction: Transaction) throws {
        try transaction.schedule(
            kind, atMs: transaction.nowMs + afterMs, account: subscription.account, region: subscription.region,
            key: subscription.arn)
    }

    static func outcome(_ row: DueRow, _ topics: Topics) -> DueOutcome {
        .commit { transaction in
            guard let found = try Subscription.find(row.key, transaction), !found.isConfirmed else { return }
            try found.delete(transaction)
            transaction.afterCommit { topics.remove(subscription: found.arn, topic: found.topicArn) }
        }
    }
}
