import AWSWire
import NIOCore
import NIOHTTP1
import NIOPosix

/// One client connection: puts requests together, hands them to the handler one after the other, and writes the
/// responses in the same order. Lives on its event loop.
///
/// While a request is handled, reading goes on until bytes of a following one arrive: so a client that leaves is
/// noticed, and one that sends ahead has to wait.
final class Connection: ChannelInboundHandler, ChannelOutboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    enum Phase {
        case idle
        case receiving
        /// The body is complete in memory and on its way to the file.
        case spooling
        case handling
        case responding
        /// The last response is on its way out; what still arrives is dropped.
        case flushing
        /// Closed for writing, waiting for the client to close.
        case lingering
        case closed
    }

    /// A request of which the head has arrived.
    struct Incoming {
        var request: AWSWire.HTTPRequest
        var rule: HTTPServer.BodyRule
        var bytes: [UInt8] = []
        var spool: BodySpool?
    }

    let server: HTTPServer
    let loop: Loop
    var phase = Phase.idle
    /// The request whose body is arriving, in the phase `receiving`.
    private var incoming: Incoming?
    /// Tick of the loop at which `deadlinePassed()` is due; 0 for never.
    var deadline: Int64 = 0
    var channelContext: ChannelHandlerContext?

    var keepsAlive = true
    var framing = ResponseFraming()
    var spooledPath: String?
    private var backlog = CircularBuffer<HTTPServerRequestPart>()
    private var isTakingBacklog = false
    private var task: Task<Void, Never>?
    private var holdsRead = false
    private var sawPart = false
    private var headBegan = false
    private var inputClosed = false
    private var wasRefused = false

    init(server: HTTPServer, loop: Loop) {
        self.server = server
        self.loop = loop
    }

    // MARK: Life of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        channelContext = context
    }

    func channelActive(context: ChannelHandlerContext) {
        loop.insert(self)
        setDeadline(server.configuration.idleTimeoutMs)
        if server.opened() > server.configuration.maxConnections {
            refuse(.tooManyConnections)
        } else if loop.isStopping {
            abort()
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let wasHandling = if case .handling = phase { true } else { false }
        dropIncoming()
        phase = .closed
        backlog.removeAll()
        loop.remove(self)
        task?.cancel()
        task = nil
        if !wasHandling { removeSpooled() }
        channelContext = nil
        server.closed()
    }

    func stop() {
        keepsAlive = false
        switch phase {
        case .idle where !headBegan: closeWhenFlushed()
        default: break
        }
    }

    func abort() { channelContext?.close(promise: nil) }

    func deadlinePassed() {
        deadline = 0
        switch phase {
        case .receiving: refuse(.timeout)
        case .idle where headBegan: refuse(.timeout)
        default: abort()
        }
    }

    func setDeadline(_ milliseconds: Int64) { deadline = loop.deadline(milliseconds) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            inputClosed = true
            keepsAlive = false
            switch phase {
            case .handling, .spooling, .responding, .flushing: task?.cancel()
            default: abort()
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            abort()
            return
        }
        switch phase {
        case .handling, .spooling, .responding:
            // What follows the request at hand is no HTTP: answer that one, then close.
            keepsAlive = false
        case .flushing, .lingering, .closed: break
        case .idle, .receiving:
            switch error {
            case .headerOverflow: refuse(.headersTooLarge)
            case .invalidVersion: refuse(.unsupportedVersion)
            default: refuse(.malformed)
            }
        }
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { holdsRead = true }
    }

    func resumeReading() {
        guard holdsRead, mayRead else { return }
        holdsRead = false
        channelContext?.read()
    }

    private var mayRead: Bool {
        guard backlog.isEmpty, !inputClosed else { return false }
        switch phase {
        case .receiving: return incoming?.spool?.isBehind != true
        case .idle: return channelContext?.channel.isWritable ?? true
        case .spooling, .handling, .responding, .flushing, .lingering, .closed: return true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sawPart = true
        let part = unwrapInboundIn(data)
        switch phase {
        case .idle, .receiving: accept(part)
        case .spooling, .handling, .responding: backlog.append(part)
        case .flushing, .lingering, .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        defer { sawPart = false }
        guard !sawPart, !headBegan else { return }
        switch phase {
        case .idle:
            headBegan = true
            setDeadline(server.configuration.headTimeoutMs)
        case .spooling, .handling, .responding: headBegan = true
        case .receiving, .flushing, .lingering, .closed: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .idle = phase {
            setDeadline(
                context.channel.isWritable ? server.configuration.idleTimeoutMs : server.configuration.writeTimeoutMs)
        }
        resumeReading()
    }

    private func accept(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let bytes):
            guard let limit = incoming?.rule.limit else { return }
            guard receive(bytes) else { return refuse(.bodyTooLarge(limit: limit), incoming?.request) }
            setDeadline(server.configuration.bodyTimeoutMs)
        case .end:
            guard let incoming = incoming.take() else { return }
            complete(incoming)
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        headBegan = false
        // After an upgrade the parser stops; answering without one and closing is allowed.
        keepsAlive = head.isKeepAlive && !loop.isStopping && !head.headers.contains(name: "upgrade")
        framing = ResponseFraming(
            isHead: head.method == .HEAD, isHTTP10: head.version == .http1_0)
        guard head.method != .CONNECT, let request = AWSWire.HTTPRequest(head) else { return refuse(.malformed) }
        let rule = server.configuration.bodyRule(request)
        let declared = request.headers["Content-Length"].flatMap { Int($0) } ?? 0
        guard declared <= rule.limit else { return refuse(.bodyTooLarge(limit: rule.limit), request) }
        if let expectation = request.headers["Expect"] {
            guard expectation.lowercased() == "100-continue" else { return refuse(.unsupportedExpectation, request) }
            if head.version != .http1_0 { write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")) }
        }
        var incoming = Incoming(request: request, rule: rule)
        if declared > 0, declared <= rule.spoolAbove ?? .max { incoming.bytes.reserveCapacity(min(declared, 1 << 20)) }
        self.incoming = incoming
        phase = .receiving
        setDeadline(server.configuration.bodyTimeoutMs)
    }

    /// false when the body grows beyond its limit.
    private func receive(_ bytes: ByteBuffer) -> Bool {
        guard let rule = incoming?.rule else { return true }
        let total = (incoming?.spool?.count ?? incoming?.bytes.count ?? 0) + bytes.readableBytes
        guard total <= rule.limit else { return false }
        if incoming?.spool == nil, let above = rule.spoolAbove, total > above, let path = server.spoolPath() {
            let spool = BodySpool(path: path, loop: loop.eventLoop) { [weak self] in self?.resumeReading() }
            spool.append(ByteBuffer(bytes: incoming?.bytes ?? []))
            incoming?.bytes = []
            incoming?.spool = spool
        }
        if let spool = incoming?.spool {
            spool.append(bytes)
        } else {
            bytes.withUnsafeReadableBytes { incoming?.bytes.append(contentsOf: $0) }
        }
        return true
    }

    private func dropIncoming() {
        incoming?.spool?.discard()
        incoming = nil
    }

    // MARK: Handling

    private func complete(_ incoming: consuming Incoming) {
        deadline = 0
        if incoming.spool == nil { incoming.request.body = .bytes(incoming.bytes) }
        guard let spool = incoming.spool else { return dispatch(incoming.request) }
        var request = incoming.request
        phase = .spooling
        spool.end { [weak self] succeeded in
            guard let self, case .spooling = self.phase else { return spool.discard() }
            guard succeeded else {
                spool.discard()
                return self.refuse(.spoolFailed, request)
            }
            request.body = .file(path: spool.path, offset: 0, length: spool.count)
            self.spooledPath = spool.path
            self.dispatch(request)
        }
    }

    private func dispatch(_ request: AWSWire.HTTPRequest) {
        phase = .handling
        server.began()
        guard request.body.count <= server.configuration.maxBodyOnLoop else {
            return run(on: nil) { [answer = server.answer] in await answer(request).response }
        }
        proceed(server.answer(request))
    }

    private func proceed(_ answer: HTTPServer.Answer) {
        switch answer {
        case .now(let response): handled(response)
        case .later(let work): run(on: loop.executor, work)
        case .afterCommit(let submit):
            let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
            submit(loop) { answer in
                bound.value.proceed(answer)
                // The client may have left meanwhile.
                if bound.value.inputClosed || bound.value.channelContext == nil { bound.value.task?.cancel() }
            }
        }
    }

    /// - Parameter executor: nil for the shared pool.
    private func run(on executor: LoopExecutor?, _ work: @escaping @Sendable () async -> AWSWire.HTTPResponse) {
        let eventLoop = loop.eventLoop
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        task = Task(executorPreference: executor) {
            let response = await work()
            if eventLoop.inEventLoop {
                bound.value.handled(response)
            } else {
                eventLoop.execute { bound.value.handled(response) }
            }
        }
    }

    private func handled(_ response: AWSWire.HTTPResponse) {
        task = nil
        server.ended()
        guard let path = spooledPath, !response.body.isFile(path) else { return respondIfOpen(response) }
        // Whoever has the answer finds the file gone.
        spooledPath = nil
        NIOThreadPool.singleton.runIfActive(eventLoop: loop.eventLoop) { TemporaryFile.remove(path) }
            .assumeIsolated().whenComplete { _ in self.respondIfOpen(response) }
    }

    private func respondIfOpen(_ response: AWSWire.HTTPResponse) {
        guard case .handling = phase else { return removeSpooled() }
        respond(response)
    }

    /// The response is on its way: on to the next request, or to the end of the connection.
    func finishResponse() {
        removeSpooled()
        guard keepsAlive, !inputClosed, !loop.isStopping else { return closeWhenFlushed() }
        phase = .idle
        let limits = server.configuration
        let isWritable = channelContext?.channel.isWritable ?? false
        setDeadline(!isWritable ? limits.writeTimeoutMs : headBegan ? limits.headTimeoutMs : limits.idleTimeoutMs)
        // A request of the backlog that is answered at once comes back to this place: it must not pile up on the stack.
        guard !isTakingBacklog else { return }
        isTakingBacklog = true
        while acceptsParts, let part = backlog.popFirst() { accept(part) }
        isTakingBacklog = false
        resumeReading()
    }

    private var acceptsParts: Bool {
        switch phase {
        case .idle, .receiving: true
        default: false
        }
    }

    /// Closing while unread bytes are waiting would reset the connection, and the client might lose the response: then
    /// only the sending half closes first.
    private func closeWhenFlushed() {
        let lingers = wasRefused || headBegan || !backlog.isEmpty
        backlog.removeAll()
        phase = .flushing
        setDeadline(server.configuration.writeTimeoutMs)
        write(ByteBuffer()) {
            guard lingers, !self.inputClosed else { return self.abort() }
            self.phase = .lingering
            self.setDeadline(self.server.configuration.lingerMs)
            self.channelContext?.close(mode: .output, promise: nil)
        }
        resumeReading()
    }

    func refuse(_ reason: HTTPServer.Refusal.Reason, _ head: AWSWire.HTTPRequest? = nil) {
        dropIncoming()
        keepsAlive = false
        wasRefused = true
        respond(server.configuration.refusal(HTTPServer.Refusal(reason: reason, head: head)))
    }
}

extension HTTPBody {
    fileprivate func isFile(_ path: String) -> Bool {
        if case .file(path, _, _) = self { true } else { false }
    }
}
