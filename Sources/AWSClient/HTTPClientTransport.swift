import AsyncHTTPClient
public import AWSWire
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// HTTP/1.1 and 2 over keep-alive connections, shared by the whole process.
public struct HTTPClientTransport: HTTPTransport {
    public init() {}

    /// Lives as long as the process: it follows no redirects and leaves bodies as they are, because both are signed.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5)))
        // Whether and when to try again is the caller's to say.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup), configuration: configuration)
    }()

    public func send(
        _ request: HTTPRequest, to origin: String, timeoutMs: Int?, savingTo path: String?
    ) async throws(TransportFailure) -> HTTPResponse {
        do {
            let deadline = timeoutMs.map { NIODeadline.now() + .milliseconds(Int64($0)) } ?? .distantFuture
            let answer = try await Self.client.execute(Self.outgoing(request, to: origin), deadline: deadline)
            let headers = AWSWire.HTTPHeaders(answer.headers.map { (name: $0.name, value: $0.value) })
            let status = Int(answer.status.code)
            let body =
                if let path, status < 300 { try await Self.save(answer.body, to: path) } else {
                    HTTPBody.bytes(try await Self.collect(answer.body))
                }
            return HTTPResponse(status: status, headers: headers, body: body)
        } catch let failure as TransportFailure {
            throw failure
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            throw TransportFailure("Read timeout on endpoint URL: \"\(origin)\"", isTimeout: true)
        } catch {
            throw TransportFailure("Could not connect to the endpoint URL: \"\(origin)\" (\(error))")
        }
    }

    private static func outgoing(_ request: HTTPRequest, to origin: String) -> HTTPClientRequest {
        let query = request.query.isEmpty ? "" : "?\(request.query)"
        var outgoing = HTTPClientRequest(url: origin + request.path + query)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for field in request.headers.fields { outgoing.headers.add(name: field.name, value: field.value) }
        switch request.body {
        case .bytes(let bytes) where bytes.isEmpty: break
        case .bytes(let bytes): outgoing.body = .bytes(ByteBuffer(bytes: bytes))
        case .file(let path, let offset, let length):
            outgoing.body = .stream(
                FilePieces(path: path, offset: offset, length: length), length: .known(Int64(length)))
        }
        return outgoing
    }

    private static func collect(_ body: HTTPClientResponse.Body) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in body { bytes.append(contentsOf: piece.readableBytesView) }
        return bytes
    }

    private static func save(_ body: HTTPClientResponse.Body, to path: String) async throws -> HTTPBody {
        guard let file = fopen(path, "wb") else { throw TransportFailure("Could not write \(path)") }
        defer { fclose(file) }
        var length = 0
        for try await piece in body {
            let written = piece.withUnsafeReadableBytes { fwrite($0.baseAddress, 1, $0.count, file) }
            guard written == piece.readableBytes else { throw TransportFailure("Could not write \(path)") }
            length += written
        }
        guard fflush(file) == 0 else { throw TransportFailure("Could not write \(path)") }
        return .file(path: path, offset: 0, length: length)
    }
}

/// A part of a file, read piece by piece while it is sent.
private struct FilePieces: AsyncSequence, Sendable {
    let path: String
    let offset: Int
    let length: Int

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    final class Iterator: AsyncIteratorProtocol {
        private let source: FilePieces
        private var file: UnsafeMutablePointer<FILE>?
        private var left: Int

        init(_ source: FilePieces) {
            self.source = source
            left = source.length
        }

        deinit { if let file { fclose(file) } }

        func next() async throws -> ByteBuffer? {
            guard left > 0 else { return nil }
            if file == nil {
                file = fopen(source.path, "rb")
                if let file { fseek(file, source.offset, SEEK_SET) }
            }
            guard let file else { throw TransportFailure("Could not read \(source.path)") }
            let wanted = Swift.min(left, 256 * 1024)
            var buffer = ByteBuffer()
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) {
                fread($0.baseAddress, 1, wanted, file)
            }
            guard count > 0 else { throw TransportFailure("Could not read \(source.path)") }
            left -= count
            return buffer
        }
    }
}
