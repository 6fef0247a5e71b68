public import AWSWire
public import BatonStore
public import GRDB
public import JSON
public import Logging

/// What an operation knows of its caller, and its way to everything else.
public final class Context: Sendable {
    public let host: Host
    /// 12 digits.
    public let account: String
    public let region: String
    public let requestId: String
    /// The request as it came, for streaming bodies; nil for a call from inside.
    public let request: HTTPRequest?
    /// Where an operation puts what does not fit its output: a streaming body, an extra header.
    public let reply: Reply?

    public init(
        host: Host, account: String, region: String, requestId: String, request: HTTPRequest? = nil,
        reply: Reply? = nil
    ) {
        self.host = host
        self.account = account
        self.region = region
        self.requestId = requestId
        self.request = request
        self.reply = reply
    }

    public var store: Store { host.store }
    public var clock: any Clock { host.clock }
    public var nowMs: Int64 { host.clock.nowMs }
    public var random: RandomSource { host.random }
    public var logger: Logger { host.logger }

    /// The base of URLs that clients get, for example `http://127.0.0.1:4566`: as the caller addressed Baton, else as
    /// Baton listens.
    public var endpoint: String {
        guard let authority = request?.headers["host"], !authority.isEmpty else { return host.endpoint }
        return "http://\(authority)"
    }

    public func arn(_ service: String, _ resource: String) -> ARN {
        ARN(service: service, region: region, account: account, resource: resource)
    }

    /// The instance of a service, for its own operations.
    public func service<S: Service>(_ type: S.Type) -> S { host.registry.instance(type) }

    // MARK: The store

    /// Commits one change. Errors other than ``AWSError`` leave as the 5xx that fits them.
    /// - Parameter needsSavepoint: as ``Store/write(needsSavepoint:_:)`` has it.
    @discardableResult
    public func write<T: Sendable>(
        needsSavepoint: Bool = true, _ body: @escaping Write<T>
    ) async throws(AWSError) -> T {
        do {
            return try await host.store.write(needsSavepoint: needsSavepoint, body)
        } catch {
            throw host.awsError(of: error)
        }
    }

    /// Reads the last commit, on the calling thread.
    public func read<T>(_ body: (Database) throws -> T) throws(AWSError) -> T {
        do {
            return try host.store.read(body)
        } catch {
            throw host.awsError(of: error)
        }
    }

    /// ``read(_:)`` for a single statement, which costs less.
    public func readOne<T>(_ body: (Database) throws -> T) throws(AWSError) -> T {
        do {
            return try host.store.readOne(body)
        } catch {
            throw host.awsError(of: error)
        }
    }

    /// The row of a single statement, for the hottest reads: as ``Store/first(_:bind:read:)`` has it.
    public func first<T>(
        _ sql: StaticString, bind: (borrowing Arguments) -> Void, read: (borrowing Columns) -> T
    ) throws(AWSError) -> T? {
        do {
            return try host.store.first(sql, bind: bind, read: read)
        } catch {
            throw host.awsError(of: error)
        }
    }

    // MARK: Other services

    /// Calls another service as a client would: the input is validated, the output bears the wire's names. A routed
    /// service is called where it is routed to.
    public func call(_ service: String, _ operation: String, _ input: JSON) async throws(AWSError) -> JSON {
        try await host.registry.call(service, operation, input, self.embedded)
    }

    /// A write of another service to run inside of a transaction of this one.
    /// - Throws: what the validator finds, or `NotEnlistable` when the operation is more than one write or its service
    ///   is routed elsewhere; then use ``call(_:_:_:)``.
    public func enlist(_ service: String, _ operation: String, _ input: JSON) throws(AWSError) -> Write<Enlisted> {
        try host.registry.enlist(service, operation, input, self.embedded)
    }

    /// The same caller without the request that it came with.
    private var embedded: Context {
        request == nil ? self : Context(host: host, account: account, region: region, requestId: requestId)
    }
}
