import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Subscribes an endpoint to a topic, or finds its subscription.
///
/// HTTP and mail endpoints must confirm; until then the answer is `pending confirmation` unless the ARN is asked for.
/// Limit: 200 filter policies for each topic. Errors: InvalidParameter, NotFound, FilterPolicyLimitExceeded. Source:
/// API reference, Subscribe.
enum Subscribe: WriteOperation {
    struct Input: Decodable, Sendable {
        let topicArn: String
        let `protocol`: String
        let endpoint: String?
        let attributes: [String: String]?
        let returnSubscriptionArn: Bool?
    }

    struct Output: Encodable, Sendable { let subscriptionArn: String }

    static let maxFilterPolicies = 200

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let topicArn = try ResourceName.topic(input.topicArn, region: context.region)
        let topics = context.service(SNS.self).topics
        guard let entry = topics[topicArn] else { throw SNSError.topicNotFound }
        let wanted = try subscription(input, entry.topic, context)
        let greeting = Greeting(context)
        return { transaction in
            _ = try Topic.existing(topicArn, transaction)
            let found = try existing(like: wanted, transaction)
            if let found, found.state != .unsubscribed {
                try check(found, input.attributes ?? [:], wanted.attributes)
                if !found.isConfirmed { try greeting.send(to: found, transaction) }
                return output(found, input)
            }
            try checkLimit(wanted, transaction)
            try found?.delete(transaction)
            try wanted.save(transaction)
            if !wanted.isConfirmed {
                try greeting.send(to: wanted, transaction)
                try Expiry.schedule(wanted, transaction)
            }
            transaction.afterCommit {
                if let found { topics.remove(subscription: found.arn, topic: topicArn) }
                topics.put(wanted)
            }
            return output(wanted, input)
        }
    }

    private static func subscription(
        _ input: Input, _ topic: Topic, _ context: Context
    ) throws(AWSError) -> Subscription {
        let endpoint = input.endpoint ?? ""
        try Endpoint.check(endpoint, transport: input.protocol, topic: topic)
        let attributes = try SubscriptionAttributes.changed(
            [:], input.attributes ?? [:], fifoQueue: topic.isFifo && endpoint.hasSuffix(".fifo"), isCreating: true)
        guard input.protocol != "firehose" || attributes["SubscriptionRoleArn"] != nil else {
            throw SNSError.invalidParameter("Attributes Reason: SubscriptionRoleArn is required for firehose")
        }
        let isPending = Endpoint.needsConfirmation(input.protocol)
        return Subscription(
            arn: "\(topic.arn):\(context.random.uuid())", topicArn: topic.arn, account: context.account,
            region: context.region, transport: input.protocol, endpoint: endpoint,
            state: isPending ? .pending : .confirmed, isAuthenticated: !isPending, attributes: attributes,
            token: isPending ? context.random.hex(Greeting.tokenLength) : "")
    }

    private static func output(_ subscription: Subscription, _ input: Input) -> Output {
        let showsArn = subscription.isConfirmed || input.returnSubscriptionArn ?? false
        return Output(subscriptionArn: showsArn ? subscription.arn : "pending confirmation")
    }

    private static func existing(like wanted: Subscription, _ transaction: Transaction) throws -> Subscription? {
        try transaction.row(
            "SELECT * FROM sns_subscription WHERE topic_arn = ? AND protocol = ? AND endpoint = ?",
            wanted.topicArn, wanted.transport, wanted.endpoint
        ).map(Subscription.init)
    }

    private static func check(
        _ found: Subscription, _ given: [String: String], _ wanted: [String: String]
    ) throws(AWSError) {
        for name in given.keys where (wanted[name] ?? "") != (found.attributes[name] ?? "") {
            // `false` is what raw delivery is when nothing was said of it.
            if name == "RawMessageDelivery", wanted[name] == "false", found.attributes[name] == nil { continue }
            throw SNSError.invalidParameter(
                "Attributes Reason: Subscription already exists with different attributes")
        }
    }

    private static func checkLimit(_ wanted: Subscription, _ transaction: Transaction) throws {
        guard wanted.filter != nil else { return }
        let row = try transaction.row(
            """
            SELECT count(*) AS count FROM sns_subscription
            WHERE topic_arn = ? AND json_extract(attributes, '$.FilterPolicy') IS NOT NULL
            """, wanted.topicArn)
        guard row?["count"] as Int? ?? 0 < maxFilterPolicies else { throw SNSError.filterPolicyLimit }
    }
}
