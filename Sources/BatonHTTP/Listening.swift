public import AWSWire
public import BatonCore

/// Opens further servers on free loopback ports, for example the Lambda Runtime API of a function.
public struct LoopbackListening: HTTPListening {
    public init() {}

    public func listen(
        _ handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) async throws -> any HTTPListener {
        var configuration = HTTPServer.Configuration()
        // What a function returns may be as large as its callers may get: 6 MB, more as a stream.
        configuration.bodyRule = { _ in .init(limit: 32 * 1024 * 1024) }
        let server = HTTPServer(configuration, handler: handler)
        return Listener(server: server, port: try await server.start())
    }

    private struct Listener: HTTPListener {
        let server: HTTPServer
        let port: Int
        func close() async { await server.stop(graceMs: 0) }
    }
}
