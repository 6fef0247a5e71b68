import AWSWire
import BatonHTTP
import Testing

@Suite struct Bodies {
    private func start(_ change: (inout HTTPServer.Configuration) -> Void, _ handler: @escaping HTTPServer.Handler)
        async throws -> (HTTPServer, RawClient)
    {
        var configuration = HTTPServer.Configuration()
        change(&configuration)
        let server = HTTPServer(configuration, handler: handler)
        return (server, try await RawClient.connect(server.start()))
    }

    @Test(arguments: [10, 1000, 3_000_000])
    func largeBodiesComeAsAFileThatIsRemovedAfterwards(_ count: Int) async throws {
        try await TemporaryFolder.with { folder in
            try folder.add("body-7", "left over")
            let (server, client) = try await start {
                $0.spoolFolder = folder.path
                $0.bodyRule = { _ in .init(limit: 4_000_000, spoolAbove: 999) }
            } _: { request in
                switch request.body {
                case .bytes(let bytes): return HTTPResponse(body: .bytes(Array("bytes \(bytes.count)".utf8)))
                case .file(let path, let offset, let length):
                    let name = path.split(separator: "/").last.map(String.init) ?? ""
                    let data = (try? folder.bytes(name)) ?? []
                    let isRight = offset == 0 && length == data.count && data.allSatisfy { $0 == UInt8(ascii: "x") }
                    return HTTPResponse(body: .bytes(Array("file \(isRight ? length : -1)".utf8)))
                }
            }
            #expect(try folder.entries() == [])
            for _ in 0..<2 {
                client.send("PUT / HTTP/1.1\r\nContent-Length: \(count)\r\n\r\n")
                client.send([UInt8](repeating: UInt8(ascii: "x"), count: count))
                #expect(try await client.response().body == (count < 1000 ? "bytes \(count)" : "file \(count)"))
            }
            await server.stop(graceMs: 0)
        }
    }

    @Test func aBodyThatDoesNotFitOnTheDiskIsReadAndRefused() async throws {
        try await TemporaryFolder.with { folder in
            let (server, client) = try await start {
                $0.spoolFolder = folder.path + "/spool"
                $0.bodyRule = { _ in .init(limit: 10_000_000, spoolAbove: 999) }
            } _: { _ in
                HTTPResponse()
            }
            try folder.remove("spool")
            let count = 8_000_000
            client.send("PUT / HTTP/1.1\r\nContent-Length: \(count)\r\n\r\n")
            client.send([UInt8](repeating: UInt8(ascii: "x"), count: count))
            #expect(try await client.response().status == 503)
            await server.stop(graceMs: 0)
        }
    }

    @Test(arguments: [
        (0, 0, ""), (0, 5, "01234"), (3, 4, "3456"), (9, 1, "9"),
    ])
    func aPartOfAFileIsSent(_ offset: Int, _ length: Int, _ body: String) async throws {
        try await TemporaryFolder.with { folder in
            try folder.add("f", "0123456789")
            let (server, client) = try await start { _ in
            } _: { _ in
                HTTPResponse(status: 206, body: .file(path: folder.path + "/f", offset: offset, length: length))
            }
            client.send("GET / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\n\r\n")
            #expect(try await client.response().body == body)
            #expect(try await client.response(isHead: true).headers["content-length"] == "\(length)")
            await server.stop(graceMs: 0)
        }
    }

    @Test func aMissingFileIsAnError() async throws {
        let (server, client) = try await start { _ in
        } _: { _ in
            HTTPResponse(body: .file(path: "/nowhere/f", offset: 0, length: 1))
        }
        client.send("GET / HTTP/1.1\r\n\r\n")
        #expect(try await client.response().status == 500)
        await server.stop(graceMs: 0)
    }

    @Test func aFileThatShrankBreaksTheConnectionOff() async throws {
        try await TemporaryFolder.with { folder in
            try folder.add("f", "0123456789")
            let (server, client) = try await start { _ in
            } _: { _ in
                HTTPResponse(body: .file(path: folder.path + "/f", offset: 0, length: 11))
            }
            client.send("GET / HTTP/1.1\r\n\r\n")
            #expect(await client.untilClosed().hasSuffix("\r\n\r\n0123456789"))
            await server.stop(graceMs: 0)
        }
    }

    @Test func largeResponsesArriveWhole() async throws {
        let large = [UInt8](repeating: UInt8(ascii: "y"), count: 5_000_000)
        let (server, client) = try await start { _ in
        } _: { _ in
            HTTPResponse(body: .bytes(large))
        }
        client.send("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        #expect(try await client.response().body.utf8.count == large.count)
        #expect(try await client.response().body.utf8.count == large.count)
        await server.stop(graceMs: 1000)
    }
}
