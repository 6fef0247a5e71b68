public import AWSWire
public import BatonStore
public import JSON

/// What a service tells the world of itself, for example that a job changed its state: an event on the default event bus
/// of the account and region in which it happened.
public struct ServiceEvent: Sendable {
    /// `aws.` and the service, for example `aws.batch`.
    public var source: String
    /// For example `Batch Job State Change`.
    public var detailType: String
    /// The ARNs of what it is about.
    public var resources: [String]
    public var detail: JSON
    /// Epoch milliseconds; nil is the time of the transaction.
    public var timeMs: Int64?

    public init(source: String, detailType: String, resources: [String] = [], detail: JSON, timeMs: Int64? = nil) {
        self.source = source
        self.detailType = detailType
        self.resources = resources
        self.detail = detail
        self.timeMs = timeMs
    }
}

/// The service behind ``Context/publish(_:_:)``.
public protocol EventPublishing: Sendable {
    /// Whether any rule or archive could want an event of this account and region: a look in memory.
    func isListening(_ context: Context) -> Bool
    /// Commits the deliveries to the targets of all rules that want these events.
    func publish(_ events: [ServiceEvent], _ transaction: Transaction, _ context: Context) throws
}

/// What an HTTP call through a connection adds to its request.
public struct ConnectionParameters: Sendable, Equatable {
    public var headers: [(name: String, value: String)]
    /// Not encoded.
    public var query: [(name: String, value: String)]
    /// Members to set in a body that is a JSON object.
    public var body: [(name: String, value: String)]

    public init(
        headers: [(name: String, value: String)] = [], query: [(name: String, value: String)] = [],
        body: [(name: String, value: String)] = []
    ) {
        self.headers = headers
        self.query = query
        self.body = body
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.headers.elementsEqual(right.headers, by: ==) && left.query.elementsEqual(right.query, by: ==)
            && left.body.elementsEqual(right.body, by: ==)
    }
}

/// The service behind ``Context/connection(_:)``.
public protocol ConnectionKeeping: Sendable {
    /// What requests through the connection carry: its secrets and parameters, with a token of its OAuth server where it
    /// has one.
    /// - Throws: ResourceNotFoundException, or what keeps the connection from being used.
    func parameters(of arn: String, _ context: Context) async throws(AWSError) -> ConnectionParameters
}

extension Context {
    /// Events of a service itself, committed with what caused them. Where nobody listens they are not even made.
    public func publish(_ events: @autoclosure () throws -> [ServiceEvent], _ transaction: Transaction) throws {
        guard let publisher = host.publisher, publisher.isListening(self) else { return }
        try publisher.publish(events(), transaction, self)
    }

    /// What an HTTP call through an EventBridge connection adds to its request.
    public func connection(_ arn: String) async throws(AWSError) -> ConnectionParameters {
        guard let connections = host.connections else {
            throw AWSError("UnknownService", "Baton has no service events", status: 501)
        }
        return try await connections.parameters(of: arn, self)
    }

    /// The same caller in the account and region of a resource.
    public func of(_ arn: ARN) -> Context {
        guard request != nil || account != arn.account || region != arn.region else { return self }
        return Context(
            host: host, account: arn.account.isEmpty ? account : arn.account,
            region: arn.region.isEmpty ? region : arn.region, requestId: requestId)
    }
}
