import AWSWire
import Foundation
import Testing

/// The bodies are those of the examples in the S3 API reference: 66,560 letters in two chunks.
@Suite("Chunked bodies")
struct SigV4ChunkTests {
    private static let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 66_560)

    private static let signed = body([
        (65_536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
        (1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
        (0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
    ])
    private static let trailing = body(
        [
            (65_536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"),
            (1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"),
            (0, "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"),
        ],
        trailers: "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:"
            + "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n")

    private static func body(_ chunks: [(size: Int, signature: String?)], trailers: String = "") -> [UInt8] {
        var body: [UInt8] = []
        for (size, signature) in chunks {
            body += Array((String(size, radix: 16) + (signature.map { ";chunk-signature=\($0)" } ?? "") + "\r\n").utf8)
            if size > 0 { body += letters.prefix(size) + Array("\r\n".utf8) }
        }
        return body + Array("\(trailers)\r\n".utf8)
    }

    private static func verifier(seed: String, trailer: String?) throws -> SigV4.ChunkVerifier {
        var request = HTTPRequest(
            method: "PUT", path: "/examplebucket/chunkObject.txt",
            headers: [
                "Host": "s3.amazonaws.com", "X-Amz-Date": "20130524T000000Z", "Content-Encoding": "aws-chunked",
                "X-Amz-Storage-Class": "REDUCED_REDUNDANCY", "X-Amz-Decoded-Content-Length": "66560",
                "Content-Length": "66824",
            ])
        request.headers["X-Amz-Content-SHA256"] =
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + (trailer == nil ? "" : "-TRAILER")
        request.headers["X-Amz-Trailer"] = trailer
        let names =
            trailer == nil
            ? "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class"
            : "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer"
        request.headers["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=\(names),Signature=\(seed)"
        return try #require(try SigV4.verify(request, nowMs: Example.nowMs, secret: Example.secret).chunks)
    }

    private static func plain() throws -> SigV4.ChunkVerifier {
        try verifier(seed: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", trailer: nil)
    }

    private static func withTrailer() throws -> SigV4.ChunkVerifier {
        try verifier(
            seed: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e", trailer: "x-amz-checksum-crc32c")
    }

    private static func decode(
        _ body: [UInt8], _ verifier: SigV4.ChunkVerifier?, pieces: Int = .max
    ) throws -> (data: [UInt8], trailers: HTTPHeaders) {
        var decoder = SigV4.ChunkDecoder(verifier: verifier)
        var data: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            try decoder.feed(Array(rest.prefix(pieces)), into: &data)
            rest = rest.dropFirst(pieces)
        }
        return (data, try decoder.finish())
    }

    @Test("signed chunks, in pieces of any size", arguments: [Int.max, 1, 7, 65_536])
    func signedChunks(_ pieces: Int) throws {
        #expect(try Self.decode(Self.signed, Self.plain(), pieces: pieces).data == Self.letters)
    }

    @Test("signed chunks with trailing fields", arguments: [Int.max, 1])
    func trailers(_ pieces: Int) throws {
        let decoded = try Self.decode(Self.trailing, Self.withTrailer(), pieces: pieces)
        #expect(decoded.data == Self.letters)
        #expect(decoded.trailers["x-amz-checksum-crc32c"] == "sOO8/Q==")
        #expect(decoded.trailers.fields.count == 1)
    }

    @Test("unsigned chunks with trailing fields")
    func unsigned() throws {
        let body = Self.body([(3, nil), (2, nil), (0, nil)], trailers: "x-amz-checksum-crc32: AAAAAA==\r\n")
        let decoded = try Self.decode(body, nil)
        #expect(decoded.data.count == 5)
        #expect(decoded.trailers["X-Amz-Checksum-Crc32"] == "AAAAAA==")
    }

    @Test("a changed letter, a lost chunk and a changed trailer are seen")
    func tampered() throws {
        var body = Self.signed
        body[70_000 - 4000] ^= 1
        #expect(throws: SigV4.Failure.chunkMismatch) { try Self.decode(body, Self.plain()) }
        let lost = Self.body([(0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9")])
        #expect(throws: SigV4.Failure.chunkMismatch) { try Self.decode(lost, Self.plain()) }
        let trailer = Array(String(decoding: Self.trailing, as: UTF8.self).replacing("sOO8", with: "sOO9").utf8)
        #expect(throws: SigV4.Failure.chunkMismatch) { try Self.decode(trailer, Self.withTrailer()) }
        let unsigned = Array(
            String(decoding: Self.trailing, as: UTF8.self).replacing("x-amz-trailer-s", with: "s").utf8)
        #expect(throws: SigV4.Failure.chunkMismatch) { try Self.decode(unsigned, Self.withTrailer()) }
    }

    @Test(
        "broken framing",
        arguments: [
            "", "5", "5\r\nabc", "5\r\nabcdeX\r\n0\r\n\r\n", "zz\r\n", "-1\r\n", "5\nabcde\r\n0\r\n\r\n",
            "0\r\nnofield\r\n\r\n",
            "0\r\n\r\nmore", "FFFFFFFFFFFFFFFF\r\n", "1\r\na\r\n", String(repeating: "0", count: 10_000),
        ])
    func broken(_ body: String) {
        #expect(throws: SigV4.Failure.incompleteBody) { try Self.decode(Array(body.utf8), nil) }
    }

    @Test("a body on disk stays on disk")
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "sigv4-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "body").path
        let target = folder.appending(path: "decoded").path
        try Data([0, 0] + Self.signed).write(to: URL(filePath: source))
        let body = HTTPBody.file(path: source, offset: 2, length: Self.signed.count)
        let decoded = try SigV4.decodeChunks(of: body, to: target, decodedLength: 66_560, verifier: Self.plain())
        #expect(decoded.body == .file(path: target, offset: 0, length: 66_560))
        #expect(try Data(contentsOf: URL(filePath: target)) == Data(Self.letters))
        #expect(throws: SigV4.Failure.incompleteBody) {
            try SigV4.decodeChunks(of: body, to: target, decodedLength: 66_561, verifier: nil)
        }
        let whole = HTTPBody.file(path: target, offset: 0, length: 66_560)
        let request = HTTPRequest(method: "PUT", path: "/k", headers: ["Host": Example.host], body: whole)
        let inMemory = HTTPRequest(
            method: "PUT", path: "/k", headers: ["Host": Example.host], body: .bytes(Self.letters))
        #expect(
            try Example.s3.sign(request, nowMs: Example.nowMs).signature
                == Example.s3.sign(inMemory, nowMs: Example.nowMs).signature)
    }
}
