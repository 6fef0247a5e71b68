import AWSWire
import BatonHTTP
import Synchronization
import Testing

/// Answers with what the request was: method, path, query, body.
private let echo: HTTPServer.Handler = { request in
    guard case .bytes(let body) = request.body else { return HTTPResponse(status: 500) }
    let line = "\(request.method) \(request.path) \(request.query) "
    return HTTPResponse(headers: ["X-Host": request.headers["host"] ?? ""], body: .bytes(Array(line.utf8) + body))
}

private func serve<T: Sendable>(
    _ change: (inout HTTPServer.Configuration) -> Void = { _ in }, handler: @escaping HTTPServer.Handler = echo,
    _ body: (HTTPServer, Int) async throws -> T
) async throws -> T {
    var configuration = HTTPServer.Configuration()
    change(&configuration)
    let server = HTTPServer(configuration, handler: handler)
    let port = try await server.start()
    do {
        let value = try await body(server, port)
        await server.stop(graceMs: 0)
        return value
    } catch {
        await server.stop(graceMs: 0)
        throw error
    }
}

@Suite struct RequestsAndResponses {
    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "GET /  "),
        ("GET /a%20b?x=1&y HTTP/1.1\r\nHost: a\r\n\r\n", 200, "GET /a%20b x=1&y "),
        ("GET /?a?b HTTP/1.1\r\n\r\n", 200, "GET / a?b "),
        ("\r\nGET / HTTP/1.1\r\n\r\n", 200, "GET /  "),
        ("OPTIONS * HTTP/1.1\r\n\r\n", 200, "OPTIONS *  "),
        ("GET http://h:1/p?q HTTP/1.1\r\nHost: other\r\n\r\n", 200, "GET /p q "),
        ("GET http://h HTTP/1.1\r\n\r\n", 200, "GET /  "),
        ("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", 200, "POST /  hello"),
        ("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 200, "POST /  "),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n", 200,
            "POST /  hello"
        ),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n0\r\nX-T: 1\r\n\r\n", 200, "POST /  he"),
        ("DELETE /x HTTP/1.0\r\n\r\n", 200, "DELETE /x  "),
    ])
    func aRequestIsAnswered(_ request: String, _ status: Int, _ body: String) async throws {
        try await serve { _, port in
            let whole = try await RawClient.connect(port)
            whole.send(request)
            let response = try await whole.response()
            #expect(response.status == status)
            #expect(response.body == body)

            let slow = try await RawClient.connect(port)
            try await slow.sendSlowly(request)
            #expect(try await slow.response() == response)
        }
    }

    @Test(arguments: [
        ("hello\r\n\r\n", 400),
        ("GET\r\n\r\n", 400),
        ("\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}", 400),
        ("GET / HTTP/2.0\r\n\r\n", 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ("GET x HTTP/1.1\r\n\r\n", 400),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA B: x\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\n", 417),
        ("GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 70_000))\r\n\r\n", 431),
        ("GET /\(String(repeating: "x", count: 70_000)) HTTP/1.1\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\n\(String(repeating: "A: 1\r\n", count: 201))\r\n", 431),
    ])
    func aBadRequestIsRefusedAndTheConnectionClosed(_ request: String, _ status: Int) async throws {
        try await serve({ $0.bodyRule = { _ in .init(limit: 10) } }) { _, port in
            let client = try await RawClient.connect(port)
            client.send(request)
            let response = try await client.response()
            #expect(response.status == status)
            #expect(response.headers["connection"] == "close")
            #expect(await client.untilClosed() == "")
        }
    }

    @Test func theAbsoluteTargetNamesTheHost() async throws {
        try await serve { _, port in
            let client = try await RawClient.connect(port)
            client.send("GET HTTP://right:1/ HTTP/1.1\r\nHost: wrong\r\n\r\n")
            #expect(try await client.response().headers["x-host"] == "right:1")
        }
    }

    @Test(
        arguments: [
            ("HTTP/1.1", "", nil, true), ("HTTP/1.1", "Connection: close\r\n", "close", false),
            ("HTTP/1.0", "", "close", false), ("HTTP/1.0", "Connection: keep-alive\r\n", "keep-alive", true),
            (
                "HTTP/1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n", "close",
                false
            ),
        ] as [(String, String, String?, Bool)])
    func connectionsStayOpenAsTheClientAsks(_ version: String, _ field: String, _ answer: String?, _ stays: Bool)
        async throws
    {
        try await serve { _, port in
            let client = try await RawClient.connect(port)
            client.send("GET /1 \(version)\r\n\(field)\r\n")
            let response = try await client.response()
            #expect(response.body == "GET /1  ")
            #expect(response.headers["connection"] == answer)
            if stays {
                client.send("GET /2 \(version)\r\n\(field)\r\n")
                #expect(try await client.response().body == "GET /2  ")
            } else {
                #expect(await client.untilClosed() == "")
            }
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let active = Atomic(0)
        try await serve(handler: { request in
            #expect(active.wrappingAdd(1, ordering: .relaxed).newValue == 1)
            await Task.yield()
            active.wrappingSubtract(1, ordering: .relaxed)
            return HTTPResponse(body: .bytes(Array(request.path.utf8)))
        }) { _, port in
            let client = try await RawClient.connect(port)
            client.send((0..<100).map { "POST /\($0) HTTP/1.1\r\nContent-Length: 2\r\n\r\nok" }.joined())
            for number in 0..<100 { #expect(try await client.response().body == "/\(number)") }
        }
    }

    /// A waiting request in front, so that the others pile up behind it.
    @Test func requestsThatAreAnsweredAtOnceDoNotPileUpOnTheStack() async throws {
        let server = HTTPServer(
            .init(),
            answering: { request in
                let response = HTTPResponse(body: .bytes(Array(request.path.utf8)))
                guard request.path == "/0" else { return .now(response) }
                return .later {
                    await Task.yield()
                    return response
                }
            })
        let port = try await server.start()
        let client = try await RawClient.connect(port)
        client.send((0..<2_000).map { "GET /\($0) HTTP/1.1\r\n\r\n" }.joined())
        for number in 0..<2_000 { #expect(try await client.response().body == "/\(number)") }
        await server.stop(graceMs: 0)
    }

    @Test func garbageBehindARequestDoesNotSpoilItsAnswer() async throws {
        try await serve { _, port in
            let client = try await RawClient.connect(port)
            client.send("GET /first HTTP/1.1\r\n\r\n???\r\n\r\n")
            #expect(try await client.response().body == "GET /first  ")
            #expect(await client.untilClosed() == "")
        }
    }

    @Test func aClientIsToldToContinueBeforeItsBody() async throws {
        try await serve({ $0.bodyRule = { _ in .init(limit: 10) } }) { _, port in
            let client = try await RawClient.connect(port)
            client.send("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            #expect(try await client.response().status == 100)
            client.send("body")
            #expect(try await client.response().body == "PUT /  body")
            client.send("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n")
            #expect(try await client.response().status == 413)
        }
    }

    @Test(
        arguments: [
            (200, "3", [:] as [String: String], nil), (204, nil, [:], nil), (304, nil, [:], nil), (404, "3", [:], nil),
            (200, "77", ["Content-Length": "77"], ""), (200, "3", ["Transfer-Encoding": "chunked"], nil),
        ] as [(Int, String?, [String: String], String?)])
    func aHeadResponseHasALengthButNoBody(
        _ status: Int, _ length: String?, _ fields: [String: String], _ body: String?
    ) async throws {
        let headers = HTTPHeaders(fields.map { (name: $0.key, value: $0.value) })
        try await serve(handler: { _ in
            HTTPResponse(status: status, headers: headers, body: .bytes(Array((body ?? "abc").utf8)))
        }) { _, port in
            let client = try await RawClient.connect(port)
            client.send("HEAD / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\n\r\n")
            for _ in 0..<2 {
                let response = try await client.response(isHead: true)
                #expect(response.status == status)
                #expect(response.headers["content-length"] == length)
                #expect(response.headers["transfer-encoding"] == nil)
            }
        }
    }

    @Test func lineBreaksDoNotLeaveInHeaderFields() async throws {
        try await serve(handler: { _ in HTTPResponse(headers: ["A": "1\r\nB: 2", "C\r\n": "3"]) }) { _, port in
            let client = try await RawClient.connect(port)
            client.send("GET / HTTP/1.1\r\n\r\n")
            let response = try await client.response()
            #expect(response.headers["a"] == "1  B: 2")
            #expect(response.headers["b"] == nil)
        }
    }

    @Test func theDateIsTheClocks() async throws {
        try await serve({ $0.dateMs = { 784_111_777_123 } }) { _, port in
            let client = try await RawClient.connect(port)
            client.send("GET / HTTP/1.1\r\n\r\n")
            #expect(try await client.response().headers["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
        }
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (4_107_542_399_999, "Sun, 28 Feb 2100 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func dates(_ ms: Int64, _ text: String) { #expect(HTTPDate.text(epochMs: ms) == text) }
}
