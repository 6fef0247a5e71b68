public import AWSWire

/// A service that keeps the credentials of HTTP endpoints (EventBridge's connections), for others that send there.
public protocol ConnectionHolding: Service {
    /// What the connection adds to every request: authorisation (with a fresh token where it needs one) and its
    /// invocation parameters.
    func additions(of connection: ARN, _ context: Context) async throws(AWSError) -> RequestAdditions
}

/// Name and value pairs, already decided; names of headers match without regard to case.
public struct RequestAdditions: Sendable {
    public var headers: [(name: String, value: String)]
    public var query: [(name: String, value: String)]
    /// Members of a body that is a JSON object.
    public var body: [(name: String, value: String)]

    public init(
        headers: [(name: String, value: String)] = [], query: [(name: String, value: String)] = [],
        body: [(name: String, value: String)] = []
    ) {
        self.headers = headers
        self.query = query
        self.body = body
    }
}

extension Registry {
    /// The service that keeps connections; nil when this Baton has none.
    public var connections: (any ConnectionHolding)? {
        for service in services {
            if let holder = service as? any ConnectionHolding { return holder }
        }
        return nil
    }
}
