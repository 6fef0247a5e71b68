import AWSWire
import BatonHTTP
import Synchronization
import Testing

/// Something that happens once, and whoever waits for it.
final class Signal: Sendable {
    private let state = Mutex<(isSet: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func set() {
        let waiters = state.withLock { state in
            state.isSet = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isSet = state.withLock { state in
                if !state.isSet { state.waiters.append(continuation) }
                return state.isSet
            }
            if isSet { continuation.resume() }
        }
    }
}

@Suite struct BadDays {
    private let hello: HTTPServer.Handler = { _ in HTTPResponse(body: .bytes(Array("hello".utf8))) }

    private func configuration(_ change: (inout HTTPServer.Configuration) -> Void) -> HTTPServer.Configuration {
        var configuration = HTTPServer.Configuration()
        change(&configuration)
        return configuration
    }

    @Test(arguments: [
        ("", 20, ""), ("GET / HTTP/1.1\r\n\r\n", 1_000, "hello"), ("GET / HT", 3_600_000, "408"),
        ("GET / HTTP/1.1\r\nA: b\r\n", 3_600_000, "408"),
        ("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc", 3_600_000, "408"),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 3_600_000, "408"),
    ])
    func whoeverIsTooSlowIsCutOff(_ sent: String, _ idleMs: Int64, _ answer: String) async throws {
        let server = HTTPServer(
            configuration {
                $0.idleTimeoutMs = idleMs
                // Who is to be answered has all the time that a busy machine may need.
                $0.headTimeoutMs = answer == "hello" ? 60_000 : 20
                $0.bodyTimeoutMs = 20
            }, handler: hello)
        let client = try await RawClient.connect(server.start())
        client.send(sent)
        #expect(await client.untilClosed().contains(answer))
        await server.stop(graceMs: 0)
    }

    @Test func whoeverReadsNothingIsCutOff() async throws {
        let server = HTTPServer(
            configuration { $0.writeTimeoutMs = 50 },
            handler: { _ in HTTPResponse(body: .bytes([UInt8](repeating: 1, count: 20_000_000))) })
        let client = try await RawClient.connect(server.start())
        try await client.stopReading()
        client.send("GET / HTTP/1.1\r\n\r\n")
        // The server can only drain when the time-out has closed the connection, as this grace never ends.
        while server.statistics.inFlightRequests + server.statistics.openConnections != 1 { await Task.yield() }
        await server.stop(graceMs: 3_600_000)
        client.close()
    }

    @Test func aClientThatLeavesCancelsItsRequest() async throws {
        let began = Signal()
        let cancelled = Signal()
        let server = HTTPServer(
            .init(),
            handler: { _ in
                await withTaskCancellationHandler {
                    began.set()
                    await cancelled.wait()
                } onCancel: {
                    cancelled.set()
                }
                return HTTPResponse()
            })
        let client = try await RawClient.connect(server.start())
        client.send("GET / HTTP/1.1\r\n\r\n")
        await began.wait()
        client.close()
        await cancelled.wait()
        await server.stop(graceMs: 3_600_000)
        #expect(server.statistics.inFlightRequests == 0)
        #expect(server.statistics.acceptedConnections == 1)
    }

    @Test func aClientThatOnlyStopsSendingGetsItsAnswer() async throws {
        let server = HTTPServer(.init(), handler: hello)
        let client = try await RawClient.connect(server.start())
        client.send("GET / HTTP/1.1\r\n\r\n")
        try await client.closeSending()
        #expect(await client.untilClosed().hasSuffix("hello"))
        await server.stop(graceMs: 0)
    }

    @Test func connectionsBeyondTheLimitAreRefused() async throws {
        let server = HTTPServer(configuration { $0.maxConnections = 2 }, handler: hello)
        let port = try await server.start()
        let (first, second) = (try await RawClient.connect(port), try await RawClient.connect(port))
        for client in [first, second] {
            client.send("GET / HTTP/1.1\r\n\r\n")
            #expect(try await client.response().status == 200)
        }
        let third = try await RawClient.connect(port)
        #expect(try await third.response().status == 503)
        await server.stop(graceMs: 0)
    }

    @Test func stoppingLetsRequestsEndAndClosesIdleConnections() async throws {
        let began = Signal()
        let release = Signal()
        let server = HTTPServer(
            configuration { $0.lingerMs = 20 },
            handler: { request in
                guard request.path == "/slow" else { return HTTPResponse() }
                began.set()
                await release.wait()
                return HTTPResponse(body: .bytes(Array("done".utf8)))
            })
        let port = try await server.start()
        let idle = try await RawClient.connect(port)
        idle.send("GET / HTTP/1.1\r\n\r\n")
        #expect(try await idle.response().status == 200)
        let busy = try await RawClient.connect(port)
        busy.send("GET /slow HTTP/1.1\r\n\r\nGET /slow HTTP/1.1\r\n\r\n")
        await began.wait()

        async let stopped: Void = server.stop(graceMs: 3_600_000)
        #expect(await idle.untilClosed() == "")
        await #expect(throws: (any Error).self) { try await RawClient.connect(port) }
        release.set()
        let last = try await busy.response()
        #expect(last.body == "done")
        #expect(last.headers["connection"] == "close")
        #expect(await busy.untilClosed() == "")
        await stopped
    }

    @Test func stoppingCutsOffWhatOutlivesTheGrace() async throws {
        let began = Signal()
        let never = Signal()
        let server = HTTPServer(
            .init(),
            handler: { _ in
                began.set()
                await withTaskCancellationHandler {
                    await never.wait()
                } onCancel: {
                    never.set()
                }
                return HTTPResponse()
            })
        let client = try await RawClient.connect(server.start())
        client.send("GET / HTTP/1.1\r\n\r\n")
        await began.wait()
        await server.stop(graceMs: 10)
        #expect(await client.untilClosed() == "")
    }

    @Test func aPortInUseIsExplained() async throws {
        let first = HTTPServer(.init(), handler: hello)
        let port = try await first.start()
        let second = HTTPServer(configuration { $0.port = port }, handler: hello)
        await #expect {
            try await second.start()
        } throws: { error in
            "\(error)" == "port \(port) is in use: another Baton? Choose another one with --port"
        }
        await first.stop(graceMs: 0)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9", true), ("localhost", true), ("::1", true), ("0.0.0.0", false),
        ("::", false), ("10.0.0.1", false), ("127.0.0.1.example.com", false), ("127.x.0.1", false), ("", false),
    ])
    func loopback(_ host: String, _ isLoopback: Bool) { #expect(ListenAddress.isLoopback(host) == isLoopback) }

    @Test func manyIdleConnectionsAreHeld() async throws {
        let server = HTTPServer(.init(), handler: hello)
        let port = try await server.start()
        var clients: [RawClient] = []
        for _ in 0..<500 { clients.append(try await RawClient.connect(port)) }
        for client in clients { client.send("GET / HTTP/1.1\r\n\r\n") }
        for client in clients { #expect(try await client.response().body == "hello") }
        #expect(server.statistics.openConnections == 500)
        for client in clients { client.send("GET / HTTP/1.1\r\n\r\n") }
        for client in clients { #expect(try await client.response().body == "hello") }
        await server.stop(graceMs: 0)
        for client in clients { #expect(await client.untilClosed() == "") }
    }
}
