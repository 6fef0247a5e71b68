import AWSModel
public import AWSWire
public import BatonCore
public import BatonHTTP
public import BatonStore
public import JSON

/// Services behind a real socket on a free port, with a clock that the test moves.
public final class TestServer: Sendable {
    public let test: TestHost
    public let gateway: Gateway
    public let server: HTTPServer
    public let port: Int

    public var clock: ControlledClock { test.clock }
    public var host: Host { test.host }
    public var url: String { "http://127.0.0.1:\(port)" }

    public init(
        _ services: [any Service], place: Store.Place = .memory, clock: ControlledClock = ControlledClock(),
        settings: Gateway.Settings = Gateway.Settings(),
        configuration: HTTPServer.Configuration = HTTPServer.Configuration()
    ) async throws {
        test = try await TestHost(services, place: place, clock: clock, listening: LoopbackListening())
        gateway = Gateway(test.host, settings)
        server = gateway.server(configuration)
        port = try await server.start()
        test.host.endpoint = "http://127.0.0.1:\(port)"
    }

    /// Stops the server, its services and its store.
    public func stop() async {
        await server.stop(graceMs: 1_000)
        await test.host.stop()
    }

    /// Runs `body` with a server and stops it afterwards, also when `body` throws.
    public static func run<Result: Sendable>(
        _ services: [any Service], place: Store.Place = .memory, settings: Gateway.Settings = Gateway.Settings(),
        configuration: HTTPServer.Configuration = HTTPServer.Configuration(),
        _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        let server = try await TestServer(services, place: place, settings: settings, configuration: configuration)
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    // MARK: Calls

    /// The request of an operation as an SDK writes it.
    /// - Parameter credentials: nil names a key in the header, but signs nothing.
    public func request(
        _ service: String, _ operation: String, _ input: JSON = [:], body: HTTPBody? = nil,
        region: String = "us-east-1",
        credentials: SigV4.Credentials? = nil
    ) throws -> HTTPRequest {
        guard let model = ServiceModel.named(service), let facts = model.operations[operation] else {
            throw AWSError("UnknownOperationException", "\(service) has no operation \(operation)")
        }
        var request = ClientCodec(model).encode(input, of: facts, body: body)
        request.headers["Host"] = "127.0.0.1:\(port)"
        if let credentials {
            let signer = SigV4.Signer(credentials: credentials, region: region, service: model.signingName)
            return try signer.sign(request, nowMs: clock.nowMs)
        }
        let scope = "test/20260101/\(region)/\(model.signingName)/aws4_request"
        request.headers["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=host, Signature=0"
        return request
    }

    /// Any request.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await WireClient().send(request, to: url, timeoutMs: 60_000)
    }

    /// One call over the socket.
    @discardableResult
    public func call(
        _ service: String, _ operation: String, _ input: JSON = [:], body: HTTPBody? = nil,
        region: String = "us-east-1",
        credentials: SigV4.Credentials? = nil
    ) async throws -> JSON {
        let request = try request(
            service, operation, input, body: body, region: region, credentials: credentials)
        let response = try await send(request)
        guard let model = ServiceModel.named(service), let facts = model.operations[operation] else { return [:] }
        return try ClientCodec(model).decode(response, of: facts).get()
    }

    /// The error of a call that must fail; nil when it succeeded.
    public func failure(
        _ service: String, _ operation: String, _ input: JSON = [:], credentials: SigV4.Credentials? = nil
    ) async -> AWSError? {
        do {
            try await call(service, operation, input, credentials: credentials)
            return nil
        } catch {
            return error as? AWSError ?? AWSError("NoAnswer", "\(error)", status: 599)
        }
    }
}
