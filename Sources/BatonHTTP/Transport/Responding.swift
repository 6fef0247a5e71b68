import AWSWire
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Connection {
    /// Bodies are written in pieces of this many bytes, each of which the client has to take within the time-out.
    private static let pieceBytes = 1 << 20

    func respond(_ response: AWSWire.HTTPResponse) {
        phase = .responding
        framing.closes = !keepsAlive || loop.isStopping || asksToClose(response)
        keepsAlive = !framing.closes
        framing.dateLine = loop.dateLine
        let hasBody = !framing.isHead && ResponseFraming.hasBody(response.status)
        switch response.body {
        case .bytes(let bytes):
            let first = hasBody ? bytes.prefix(Self.pieceBytes) : []
            writeHead(response, first)
            if hasBody, bytes.count > first.count {
                writePieces(bytes, from: first.count)
            } else {
                finishResponse()
            }
        case .file(let path, let offset, let length):
            guard hasBody, length > 0 else {
                writeHead(response, [])
                return finishResponse()
            }
            writeFile(response, Descriptor(path: path, flags: O_RDONLY | O_CLOEXEC), offset: offset, length: length)
        }
    }

    private func asksToClose(_ response: AWSWire.HTTPResponse) -> Bool {
        response.headers["Connection"]?.lowercased() == "close"
    }

    private func writeHead(_ response: AWSWire.HTTPResponse, _ body: ArraySlice<UInt8>) {
        // The memory is reused as soon as the channel has let go of the previous response.
        loop.scratch.clear(minimumCapacity: 4096)
        loop.scratch.writeHead(response, framing)
        loop.scratch.writeBytes(body)
        write(loop.scratch)
        if loop.scratch.capacity > 256 * 1024 { loop.scratch = ByteBufferAllocator().buffer(capacity: 4096) }
    }

    private var isWriting: Bool {
        switch phase {
        case .responding, .flushing: true
        default: false
        }
    }

    /// - Parameter next: called when the channel has taken all bytes, unless the connection is lost.
    func write(_ buffer: ByteBuffer, then next: (() -> Void)? = nil) {
        guard let context = channelContext else { return }
        guard let next else { return context.writeAndFlush(wrapOutboundOut(.byteBuffer(buffer)), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] result in
            guard let self, self.isWriting else { return }
            if case .success = result { next() } else { self.abort() }
        }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(buffer)), promise: written)
    }

    private func writePieces(_ bytes: [UInt8], from start: Int) {
        guard start < bytes.count else { return finishResponse() }
        setDeadline(server.configuration.writeTimeoutMs)
        let end = min(start + Self.pieceBytes, bytes.count)
        write(ByteBuffer(bytes: bytes[start..<end])) { self.writePieces(bytes, from: end) }
    }

    private func writeFile(_ response: AWSWire.HTTPResponse, _ file: Descriptor, offset: Int, length: Int) {
        onPool({ file.canOpen() }) { isOpen in
            guard isOpen else { return self.refuse(.bodyUnreadable) }
            self.writeHead(response, [])
            self.writePieces(file, offset: offset, left: length)
        }
    }

    private func writePieces(_ file: Descriptor, offset: Int, left: Int) {
        guard left > 0 else { return finishResponse() }
        onPool({ file.read(offset: offset, count: min(left, Self.pieceBytes)) }) { piece in
            // The length is promised already: a file that shrank can only be told by breaking off.
            guard let piece else { return self.abort() }
            self.setDeadline(self.server.configuration.writeTimeoutMs)
            let count = piece.readableBytes
            self.write(piece) { self.writePieces(file, offset: offset + count, left: left - count) }
        }
    }

    /// Runs `work` where it may block, then `next` on the loop when the response still matters.
    private func onPool<T: Sendable>(_ work: @escaping @Sendable () -> T, then next: @escaping (T) -> Void) {
        deadline = 0
        NIOThreadPool.singleton.runIfActive(eventLoop: loop.eventLoop, work)
            .assumeIsolated().whenComplete { [weak self] result in
                guard let self, case .responding = self.phase else { return }
                if case .success(let value) = result { next(value) } else { self.abort() }
            }
    }

    /// Removes what the handler has left of a spooled request body.
    func removeSpooled() {
        guard let path = spooledPath else { return }
        spooledPath = nil
        NIOThreadPool.singleton.submit { _ in TemporaryFile.remove(path) }
    }
}
