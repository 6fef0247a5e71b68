public import AWSWire
public import BatonStore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP/1.1 server: one request in, one response out.
///
/// Requests of one connection are handled one after the other, those of different connections at once. A handler is
/// cancelled when its client leaves.
public final class HTTPServer: Sendable {
    public typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

    /// What becomes of a request. Most that only read are answered where they were read from the socket: a task costs
    /// as much as the reading.
    public enum Answer: Sendable {
        case now(HTTPResponse)
        case later(@Sendable () async -> HTTPResponse)
        /// A write, which the closure gives to the store, with the recipient of its outcome. That says how to go on.
        case afterCommit(
            @Sendable (_ recipient: (any Recipient)?, _ then: @escaping @Sendable (Answer) -> Void) -> Void)

        func map(_ change: @escaping @Sendable (HTTPResponse) -> HTTPResponse) -> Answer {
            switch self {
            case .now(let response): .now(change(response))
            case .later(let work): .later { change(await work()) }
            case .afterCommit(let submit):
                .afterCommit { recipient, then in submit(recipient) { then($0.map(change)) } }
            }
        }

        /// For a caller that has a task anyway.
        var response: HTTPResponse {
            get async {
                switch self {
                case .now(let response): response
                case .later(let work): await work()
                case .afterCommit(let submit):
                    await withUnsafeContinuation { continuation in submit(nil) { continuation.resume(returning: $0) } }
                        .response
                }
            }
        }
    }

    /// Numbers for the metrics.
    public struct Statistics: Sendable, Equatable {
        public var openConnections = 0
        public var acceptedConnections = 0
        public var inFlightRequests = 0
    }

    let configuration: Configuration
    let answer: @Sendable (HTTPRequest) -> Answer
    private let listener = Mutex<(any Channel)?>(nil)
    private let loops: [ObjectIdentifier: Loop]
    private let open = Atomic(0)
    private let accepted = Atomic(0)
    private let inFlight = Atomic(0)
    private let spooled = Atomic(0)
    private let drained = Mutex<(isStopping: Bool, continuation: CheckedContinuation<Void, Never>?)>((false, nil))

    public convenience init(_ configuration: Configuration, handler: @escaping Handler) {
        self.init(configuration, answering: { request in .later { await handler(request) } })
    }

    /// - Parameter answering: called on the event loop of a connection, for large bodies elsewhere.
    public init(_ configuration: Configuration, answering: @escaping @Sendable (HTTPRequest) -> Answer) {
        self.configuration = configuration
        answer = answering
        let group = MultiThreadedEventLoopGroup.singleton
        loops = Dictionary(
            group.makeIterator().map { (ObjectIdentifier($0), Loop($0, configuration)) }, uniquingKeysWith: { $1 })
    }

    public var statistics: Statistics {
        Statistics(
            openConnections: open.load(ordering: .relaxed), acceptedConnections: accepted.load(ordering: .relaxed),
            inFlightRequests: inFlight.load(ordering: .relaxed))
    }

    /// Begins to listen and returns the port.
    public func start() async throws(ListenError) -> Int {
        OpenFiles.raiseLimit()
        let configuration = configuration
        do {
            if let folder = configuration.spoolFolder { try await SpoolFolder.prepare(folder) }
            let channel = try await bootstrap().bind(host: configuration.host, port: configuration.port).get()
            listener.withLock { $0 = channel }
            return channel.localAddress?.port ?? configuration.port
        } catch {
            throw ListenError(error, host: configuration.host, port: configuration.port)
        }
    }

    /// Stops to accept, closes idle connections, lets requests in flight end for up to `graceMs`, then closes the rest.
    public func stop(graceMs: Int64) async {
        let channel = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        try? await channel?.close()
        drained.withLock { $0.isStopping = true }
        for loop in loops.values { loop.eventLoop.execute { loop.stop() } }
        let grace = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: .milliseconds(graceMs)) {
            for loop in self.loops.values { loop.eventLoop.execute { loop.abort() } }
        }
        await withCheckedContinuation { continuation in
            drained.withLock { $0.continuation = continuation }
            resumeIfDrained()
        }
        grace.cancel()
    }

    private func bootstrap() -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)] else { throw ChannelError.eof }
                    var limits = NIOHTTPDecoderLimitConfiguration()
                    limits.maxHeaderListSize = configuration.maxHeaderBytes
                    limits.maxHeaderFieldSize = configuration.maxHeaderBytes
                    limits.maxHeaderFieldCount = configuration.maxHeaderFields
                    let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(decoder), Connection(server: self, loop: loop))
                }
            }
    }

    // MARK: Counting

    /// The number of open connections with this one.
    func opened() -> Int {
        accepted.wrappingAdd(1, ordering: .relaxed)
        return open.wrappingAdd(1, ordering: .relaxed).newValue
    }

    func closed() {
        if open.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue == 0 { resumeIfDrained() }
    }

    func began() { inFlight.wrappingAdd(1, ordering: .relaxed) }
    func ended() { inFlight.wrappingSubtract(1, ordering: .relaxed) }

    private func resumeIfDrained() {
        guard open.load(ordering: .sequentiallyConsistent) == 0 else { return }
        let continuation = drained.withLock { drained in
            defer { drained.continuation = nil }
            return drained.isStopping ? drained.continuation : nil
        }
        continuation?.resume()
    }

    func spoolPath() -> String? {
        guard let folder = configuration.spoolFolder else { return nil }
        return "\(folder)/body-\(spooled.wrappingAdd(1, ordering: .relaxed).newValue)"
    }
}
