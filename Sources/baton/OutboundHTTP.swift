import AWSWire
import AsyncHTTPClient
import BatonCore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Requests to other machines, for example to subscribers of topics. The client is made at the first of them, because
/// most Batons never send one and start-up should not pay for it.
final class OutboundHTTP: HTTPSending {
    private let client = Mutex<HTTPClient?>(nil)
    /// More of an answer than this is not read.
    private static let bodyLimit = 1 << 20

    private func opened() -> HTTPClient {
        client.withLock { client in
            if let client { return client }
            let made = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
            client = made
            return made
        }
    }

    func send(_ request: AWSWire.HTTPRequest, to url: String, timeoutMs: Int) async throws -> HTTPResponse {
        var outgoing = HTTPClientRequest(url: url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for field in request.headers.fields { outgoing.headers.add(name: field.name, value: field.value) }
        if case .bytes(let bytes) = request.body { outgoing.body = .bytes(bytes) }
        let answer = try await opened().execute(outgoing, timeout: .milliseconds(Int64(timeoutMs)))
        let body = try await answer.body.collect(upTo: Self.bodyLimit)
        return HTTPResponse(
            status: Int(answer.status.code),
            headers: HTTPHeaders(answer.headers.map { (name: $0.name, value: $0.value) }),
            body: .bytes(Array(body.readableBytesView)))
    }

    func close() async {
        let client = client.withLock { client in
            defer { client = nil }
            return client
        }
        try? await client?.shutdown()
    }
}
