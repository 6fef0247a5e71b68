import AWSWire
import BatonStore
import GRDB
import JSON

/// A subscription as it is stored, with what delivering asks of it.
struct Subscription: Sendable {
    enum State: String, Sendable {
        /// The endpoint has not confirmed yet; nothing is delivered.
        case pending
        case confirmed
        /// Removed, but its endpoint may still take that back.
        case unsubscribed
    }

    let arn: String
    let topicArn: String
    let account: String
    let region: String
    /// `sqs`, `lambda`, `http` and so on.
    let transport: String
    let endpoint: String
    /// The endpoint where it is a queue or a function.
    let target: ARN?
    var state: State
    var isAuthenticated: Bool
    var attributes: [String: String] { didSet { derive() } }
    var token: String

    private(set) var filter: FilterPolicy?
    private(set) var isRaw = false
    /// The queue for what cannot be delivered.
    private(set) var deadLetterQueue: ARN?

    var isConfirmed: Bool { state == .confirmed }
    var isHTTP: Bool { transport == "http" || transport == "https" }

    init(
        arn: String, topicArn: String, account: String, region: String, transport: String, endpoint: String,
        state: State, isAuthenticated: Bool, attributes: [String: String], token: String
    ) {
        self.arn = arn
        self.topicArn = topicArn
        self.account = account
        self.region = region
        self.transport = transport
        self.endpoint = endpoint
        target = ARN(endpoint)
        self.state = state
        self.isAuthenticated = isAuthenticated
        self.attributes = attributes
        self.token = token
        derive()
    }

    private mutating func derive() {
        isRaw = attributes["RawMessageDelivery"] == "true"
        deadLetterQueue = attributes["RedrivePolicy"].flatMap { try? JSON.parse($0) }
            .flatMap { $0["deadLetterTargetArn"]?.string }.flatMap { ARN($0) }
        filter = attributes["FilterPolicy"].flatMap { text in try? FilterPolicy(text, scope: scope) }
    }

    var scope: FilterPolicy.Scope {
        attributes["FilterPolicyScope"].flatMap(FilterPolicy.Scope.init) ?? .messageAttributes
    }

    /// As lists show it.
    var listed: JSON {
        [
            "SubscriptionArn": .string(state == .pending ? "PendingConfirmation" : arn), "Owner": .string(account),
            "Protocol": .string(transport), "Endpoint": .string(endpoint), "TopicArn": .string(topicArn),
        ]
    }
}

// MARK: Storing

extension Subscription {
    init(_ row: Row) {
        self.init(
            arn: row["arn"], topicArn: row["topic_arn"], account: row["account"], region: row["region"],
            transport: row["protocol"], endpoint: row["endpoint"], state: State(rawValue: row["state"]) ?? .pending,
            isAuthenticated: row["is_authenticated"], attributes: StoredText.attributes(row["attributes"]),
            token: row["token"])
    }

    static func find(_ arn: String, _ transaction: Transaction) throws -> Subscription? {
        try transaction.row("SELECT * FROM sns_subscription WHERE arn = ?", arn).map(Subscription.init)
    }

    /// - Throws: ``SNSError/subscriptionNotFound``
    static func existing(_ arn: String, _ transaction: Transaction) throws -> Subscription {
        guard let found = try find(arn, transaction), found.state != .unsubscribed else {
            throw SNSError.subscriptionNotFound
        }
        return found
    }

    func save(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO sns_subscription (
                arn, topic_arn, account, region, protocol, endpoint, state, is_authenticated, attributes, token)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (arn) DO UPDATE SET state = excluded.state, is_authenticated = excluded.is_authenticated,
                attributes = excluded.attributes, token = excluded.token
            """,
            arn, topicArn, account, region, transport, endpoint, state.rawValue, isAuthenticated,
            StoredText.text(attributes), token)
    }

    func delete(_ transaction: Transaction) throws {
        try transaction.execute("DELETE FROM sns_subscription WHERE arn = ?", arn)
    }
}
