import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The subscriptions of the caller's account and region, 100 at a time. Source: API reference, ListSubscriptions.
enum ListSubscriptions: Operation {
    struct Input: Decodable, Sendable { let nextToken: String? }
    struct Output: Encodable, Sendable {
        let subscriptions: [JSON]
        let nextToken: String?

        init(_ rows: [Row]) {
            let (page, token) = Page.cut(rows.map(Subscription.init)) { $0.arn }
            subscriptions = page.map(\.listed)
            nextToken = token
        }
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let start = try Page.start(input.nextToken)
        return try context.read { db in
            Output(
                try db.rows(
                    """
                    SELECT * FROM sns_subscription
                    WHERE account = ? AND region = ? AND arn > ? AND state <> 'unsubscribed' ORDER BY arn LIMIT ?
                    """, context.account, context.region, start, Page.size + 1))
        }
    }
}
