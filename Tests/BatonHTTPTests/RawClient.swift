import NIOCore
import NIOPosix
import Synchronization

/// A client that sends the bytes it is given, well-formed or not, and reads responses as text.
final class RawClient: Sendable {
    struct Response: Equatable {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    struct Closed: Error {}

    private let channel: any Channel
    private let inbox: Inbox

    private init(_ channel: any Channel, _ inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    static func connect(_ port: Int) async throws -> RawClient {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in channel.pipeline.addHandler(Receiver(inbox)) }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel, inbox)
    }

    func send(_ text: String) { send(Array(text.utf8)) }
    func send(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// One segment per byte.
    func sendSlowly(_ text: String) async throws {
        for byte in text.utf8 { try await channel.writeAndFlush(ByteBuffer(bytes: [byte])).get() }
    }

    func closeSending() async throws { try await channel.close(mode: .output).get() }
    func close() { channel.close(promise: nil) }
    func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

    /// The next response; with `isHead` its length is not followed by a body.
    func response(isHead: Bool = false) async throws -> Response {
        while true {
            let (found, isClosed) = inbox.state.withLock { state -> (Response?, Bool) in
                (Self.take(from: &state.bytes, isHead: isHead), state.isClosed)
            }
            if let found { return found }
            if isClosed { throw Closed() }
            await inbox.change()
        }
    }

    /// Everything that came until the server closed the connection.
    func untilClosed() async -> String {
        while !inbox.state.withLock({ $0.isClosed }) { await inbox.change() }
        return inbox.state.withLock { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private static func take(from bytes: inout [UInt8], isHead: Bool) -> Response? {
        let end = Array("\r\n\r\n".utf8)
        guard let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: bytes[..<split], as: UTF8.self).components("\r\n")
        let status = lines.first.flatMap { Int($0.components(" ").dropFirst().first ?? "") } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            headers[parts[0].lowercased()] = String(parts[1].dropFirst())
        }
        let hasBody = status >= 200 && status != 204 && status != 304 && !isHead
        let length = hasBody ? Int(headers["content-length"] ?? "") ?? 0 : 0
        let start = split + end.count
        guard bytes.count >= start + length else { return nil }
        let body = String(decoding: bytes[start..<start + length], as: UTF8.self)
        bytes.removeFirst(start + length)
        return Response(status: status, headers: headers, body: body)
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] { self.split(separator: separator).map(String.init) }
}

private final class Inbox: Sendable {
    struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
        var changed = false
    }
    let state = Mutex(State())

    func update(_ body: (inout State) -> Void) {
        let waiter = state.withLock { state in
            body(&state)
            defer { state.waiter = nil }
            state.changed = state.waiter == nil
            return state.waiter
        }
        waiter?.resume()
    }

    /// Waits until something has come since the last call.
    func change() async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.changed {
                    state.changed = false
                    return true
                }
                state.waiter = continuation
                return false
            }
            if isDue { continuation.resume() }
        }
    }
}

private final class Receiver: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let inbox: Inbox

    init(_ inbox: Inbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        inbox.update { $0.bytes += bytes }
    }
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { inbox.update { $0.isClosed = true } }
    }
    func channelInactive(context: ChannelHandlerContext) { inbox.update { $0.isClosed = true } }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
