import AWSWire
import BatonHTTP
import Testing

/// Seeded, so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct TransportFuzz {
    private static let seeds = [
        "GET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\nhello world!",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",
        "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ]

    /// Whatever arrives in whatever pieces, the server goes on to answer others.
    @Test(arguments: 0..<8)
    func brokenRequestsHarmNobodyElse(_ seed: UInt64) async throws {
        var random = SeededRandom(state: seed)
        var configuration = HTTPServer.Configuration()
        configuration.lingerMs = 20
        configuration.bodyTimeoutMs = 200
        configuration.headTimeoutMs = 200
        let server = HTTPServer(
            configuration,
            handler: { request in
                guard case .bytes(let body) = request.body else { return HTTPResponse(status: 500) }
                return HTTPResponse(body: .bytes(body))
            })
        let port = try await server.start()
        for _ in 0..<60 {
            var bytes = (0..<Int.random(in: 1...3, using: &random)).flatMap { _ in
                Array(Self.seeds.randomElement(using: &random)?.utf8 ?? "".utf8)
            }
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(contentsOf: [13, 10], at: place)
                case 2: bytes.removeSubrange(place..<min(place + 3, bytes.count - 1))
                default: bytes.append(contentsOf: bytes[place...])
                }
            }
            let client = try await RawClient.connect(port)
            let cut = Int.random(in: 0...bytes.count, using: &random)
            client.send(Array(bytes[..<cut]))
            client.send(Array(bytes[cut...]))
            if Bool.random(using: &random) {
                client.close()
            } else {
                try? await client.closeSending()
                _ = await client.untilClosed()
            }
        }
        let client = try await RawClient.connect(port)
        client.send("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nok")
        #expect(try await client.response().body == "ok")
        await server.stop(graceMs: 5_000)
        #expect(server.statistics.openConnections == 0)
        #expect(server.statistics.inFlightRequests == 0)
    }
}
