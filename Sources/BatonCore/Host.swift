public import AWSWire
public import BatonStore
public import Logging
import Synchronization

/// What the services of one Baton share: store, clock, random source, the ways in and out.
public final class Host: Sendable {
    public let store: Store
    public let registry: Registry
    public let random: RandomSource
    /// For values that must not lie readable in the database.
    public let vault: Vault
    /// The secret key of what Baton itself runs, such as functions; their key id is their account. New with each start.
    public let innerSecret = RandomSource().hex(40)
    public let logger: Logger
    /// Outbound HTTP, for example to subscribers of topics.
    public let http: any HTTPSending
    private let listening: any HTTPListening
    private let base: Mutex<String>
    private let started = Atomic(false)
    private struct Provided {
        var paths: [(prefix: String, answer: PathAnswer)] = []
        var publisher: (any EventPublishing)?
        var connections: (any ConnectionKeeping)?
        var apis: [any APIServing] = []
    }
    private let provided = Mutex(Provided())

    public var clock: any Clock { store.clock }

    /// The URL under which Baton itself can be reached, for example by the functions that it runs.
    public var endpoint: String {
        get { base.withLock { $0 } }
        set { base.withLock { $0 = newValue } }
    }

    public init(
        store: Store, registry: Registry, random: RandomSource, logger: Logger, http: any HTTPSending,
        listening: any HTTPListening, endpoint: String
    ) {
        self.store = store
        self.registry = registry
        self.random = random
        vault = Vault(folder: store.folder, random: random)
        self.logger = logger
        self.http = http
        self.listening = listening
        base = Mutex(endpoint)
    }

    /// What a service answers under a path of its own.
    public typealias PathAnswer = @Sendable (HTTPRequest, Host) async -> HTTPResponse

    /// Names who answers under a path that begins with `/_`, which no call of AWS's API has. Call it in
    /// ``Service/start(_:)``.
    public func onPath(_ prefix: String, _ answer: @escaping PathAnswer) {
        provided.withLock { $0.paths.append((prefix, answer)) }
    }

    /// Who answers a request under such a path; nil when nobody does.
    public func pathAnswer(_ request: HTTPRequest) -> PathAnswer? {
        provided.withLock { $0.paths.first { request.path.utf8.starts(with: $0.prefix.utf8) }?.answer }
    }

    /// The service that takes the events of all others. It names itself in ``Service/start(_:)``.
    public var publisher: (any EventPublishing)? {
        get { provided.withLock { $0.publisher } }
        set { provided.withLock { $0.publisher = newValue } }
    }

    /// The service that keeps connections to HTTP endpoints. It names itself in ``Service/start(_:)``.
    public var connections: (any ConnectionKeeping)? {
        get { provided.withLock { $0.connections } }
        set { provided.withLock { $0.connections = newValue } }
    }

    /// Names a service that answers requests to the APIs of users. Call it in ``Service/start(_:)``.
    public func serve(_ apis: any APIServing) { provided.withLock { $0.apis.append(apis) } }

    /// The answer of the API of a user, which belongs to exactly one of the services that have such.
    public func answer(api request: HTTPRequest) async -> HTTPResponse {
        guard let address = APIAddress(request),
            let apis = provided.withLock({ $0.apis }).first(where: { $0.has(address.api) })
        else {
            return HTTPResponse(
                status: 404, headers: ["content-type": "application/json"],
                body: .bytes(Array(#"{"message":"Not Found"}"#.utf8)))
        }
        return await apis.answer(request, at: address, self)
    }

    /// A caller from inside: no request, an id of its own.
    public func context(account: String, region: String) -> Context {
        Context(host: self, account: account, region: region, requestId: random.uuid())
    }

    /// Names the handler of a kind of due rows. Call it in ``Service/start(_:)``.
    /// - Parameters:
    ///   - limit: how many rows of this kind may be in work at once.
    ///   - pullsTime: whether a skipping clock may jump to rows of this kind; not to what comes again for ever.
    public func onDue(
        _ kind: String, limit: Int = 64, pullsTime: Bool = true,
        _ handle: @escaping @Sendable (DueRow, Context) async throws -> DueOutcome
    ) {
        // The store outlives nobody who still needs the row: without its host it stays for the next start.
        store.due.handle(kind, limit: limit, pullsTime: pullsTime) { [weak self] row in
            guard let self else { throw StoreError.closed }
            return try await handle(row, context(account: row.account, region: row.region))
        }
    }

    /// A listener of its own on a free loopback port.
    public func listen(
        _ handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) async throws -> any HTTPListener {
        try await listening.listen(handler)
    }

    /// Starts all services in the order of the registry, then the handling of due rows.
    public func start() async throws {
        onDue(DeadLetter.kind) { row, context in try await DeadLetter.handle(row, context) }
        for service in registry.services { try await service.start(self) }
        store.due.start()
        started.store(true, ordering: .releasing)
    }

    /// Whether requests may be served.
    public var isStarted: Bool { started.load(ordering: .acquiring) }

    /// Stops all services in reverse order, which releases the requests that wait; the store stays open for those in
    /// flight.
    public func stopServices() async {
        for service in registry.services.reversed() { await service.stop() }
    }

    /// Stops all services, then closes the store.
    public func stop() async {
        await stopServices()
        await store.close()
    }

    /// What a client is told of an error that is not AWS's own. Details go to the log only.
    public func awsError(of error: any Error) -> AWSError {
        switch error {
        case let error as AWSError: return error
        case let error as StoreError:
            logger.error("the store refused", metadata: ["error": "\(error)"])
            return AWSError("ServiceUnavailable", error.description, status: 503)
        default:
            logger.error("unexpected error", metadata: ["error": "\(error)"])
            return AWSError("InternalFailure", "Baton met an unexpected error; see its log.", status: 500)
        }
    }
}

/// Sends one HTTP request to any URL.
public protocol HTTPSending: Sendable {
    /// - Throws: when no answer came within `timeoutMs`.
    func send(_ request: HTTPRequest, to url: String, timeoutMs: Int) async throws -> HTTPResponse
}

/// Opens listeners beside the main one.
public protocol HTTPListening: Sendable {
    func listen(_ handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) async throws -> any HTTPListener
}

public protocol HTTPListener: Sendable {
    var port: Int { get }
    func close() async
}
