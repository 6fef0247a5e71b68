public import AWSWire
public import BatonCore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP client: one connection for each request, bodies in memory.
public struct WireClient: HTTPSending {
    /// Why there is no answer.
    public enum Failure: Error { case badAddress(String), timeout, closed }

    public init() {}

    public func send(
        _ request: AWSWire.HTTPRequest, to url: String, timeoutMs: Int
    ) async throws -> AWSWire.HTTPResponse {
        let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        let parts = authority.split(separator: ":")
        guard url.hasPrefix("http://"), let host = parts.first, let port = parts.count > 1 ? Int(parts[1]) : 80 else {
            throw Failure.badAddress(url)
        }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: AWSWire.HTTPResponse.self)
        let timer = loop.scheduleTask(in: .milliseconds(Int64(timeoutMs))) { answer.fail(Failure.timeout) }
        defer { timer.cancel() }
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(Collector(answer))
                    }
                }
                .connect(host: String(host), port: port).get()
        } catch {
            answer.fail(error)
            return try await answer.futureResult.get()
        }
        var headers = NIOHTTP1.HTTPHeaders(request.headers.fields.map { ($0.name, $0.value) })
        if !headers.contains(name: "Host") { headers.add(name: "Host", value: String(authority)) }
        guard case .bytes(let bytes) = request.body else { throw Failure.badAddress("a file as a body") }
        headers.replaceOrAdd(name: "Content-Length", value: String(bytes.count))
        let target = request.path + (request.query.isEmpty ? "" : "?\(request.query)")
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: target, headers: headers)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        defer { channel.close(promise: nil) }
        return try await answer.futureResult.get()
    }
}

/// Puts one response together.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<AWSWire.HTTPResponse>
    private var response = AWSWire.HTTPResponse()
    private var body: [UInt8] = []

    init(_ answer: EventLoopPromise<AWSWire.HTTPResponse>) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let fields = head.headers.map { (name: $0.name, value: $0.value) }
            response = AWSWire.HTTPResponse(status: Int(head.status.code), headers: AWSWire.HTTPHeaders(fields))
        case .body(let bytes): body += bytes.readableBytesView
        case .end:
            response.body = .bytes(body)
            answer.succeed(response)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(WireClient.Failure.closed) }
}
