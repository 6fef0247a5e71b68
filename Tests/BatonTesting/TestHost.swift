public import AWSWire
public import BatonCore
public import BatonStore
public import JSON
import Logging

/// Services on a store in memory, with a clock that the test moves and a seeded random source: no socket, no sleep.
public final class TestHost: Sendable {
    public let clock: ControlledClock
    public let host: Host
    public let http: RecordingHTTP

    /// - Parameters:
    ///   - place: `.memory`, or a folder for tests that open it again.
    ///   - listening: ``BatonHTTP``'s for services that open listeners of their own.
    public init(
        _ services: [any Service], place: Store.Place = .memory, clock: ControlledClock = ControlledClock(),
        listening: any HTTPListening = NoListening()
    ) async throws {
        self.clock = clock
        http = RecordingHTTP()
        let migrations = services.flatMap { type(of: $0).migrations }
        host = Host(
            store: try Store(place, clock: clock, migrations: migrations), registry: Registry(services),
            random: RandomSource(seed: 1), logger: Logger(label: "test"), http: http, listening: listening,
            endpoint: "http://localhost:4566")
        try await host.start()
    }

    public func context(account: String = "000000000000", region: String = "us-east-1") -> Context {
        host.context(account: account, region: region)
    }

    /// One call as from another service.
    @discardableResult
    public func call(_ service: String, _ operation: String, _ input: JSON = [:]) async throws(AWSError) -> JSON {
        try await context().call(service, operation, input)
    }

    /// The error of a call that must fail; nil when it succeeded.
    public func failure(_ service: String, _ operation: String, _ input: JSON = [:]) async -> AWSError? {
        do {
            try await call(service, operation, input)
            return nil
        } catch {
            return error
        }
    }

    /// Moves time on and waits until everything that became due has been handled.
    public func advance(byMs milliseconds: Int64) async {
        clock.advance(byMs: milliseconds)
        await host.store.due.idle()
    }
}

/// Keeps what was sent and answers with what the test has prepared (200 by default).
public actor RecordingHTTP: HTTPSending {
    public private(set) var sent: [(request: HTTPRequest, url: String)] = []
    public var answers: [HTTPResponse] = []

    public func prepare(_ answers: [HTTPResponse]) { self.answers = answers }

    public func send(_ request: HTTPRequest, to url: String, timeoutMs: Int) async throws -> HTTPResponse {
        sent.append((request, url))
        return answers.isEmpty ? HTTPResponse() : answers.removeFirst()
    }
}

/// For services that never ask for a listener.
public struct NoListening: HTTPListening {
    struct Unavailable: Error {}

    public init() {}

    public func listen(_ handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) async throws
        -> any HTTPListener
    {
        throw Unavailable()
    }
}
