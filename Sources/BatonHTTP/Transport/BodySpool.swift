import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes one large request body to a file, on the thread pool and in order. Used on one event loop.
///
/// Nothing is synced to the disk: whoever keeps the file does that.
final class BodySpool {
    /// While more than this waits for the disk, the connection is not read.
    static let maxWaiting = 1 << 20

    let path: String
    private(set) var count = 0
    private let descriptor: Descriptor
    private let loop: any EventLoop
    private let progress: () -> Void
    private var waiting = ByteBuffer()
    private var isWriting = false
    private var failed = false
    private var finish: ((Bool) -> Void)?

    /// - Parameter progress: called after each piece that reached the file.
    init(path: String, loop: any EventLoop, progress: @escaping () -> Void) {
        self.path = path
        self.loop = loop
        self.progress = progress
        descriptor = Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
    }

    var isBehind: Bool { waiting.readableBytes > Self.maxWaiting }

    func append(_ bytes: ByteBuffer) {
        count += bytes.readableBytes
        guard !failed else { return }
        if waiting.readableBytes == 0 { waiting = bytes } else { waiting.writeImmutableBuffer(bytes) }
        writeNext()
    }

    /// - Parameter done: called when all is in the file, with false when the file could not be written.
    func end(_ done: @escaping (Bool) -> Void) {
        finish = done
        completeIfDone()
    }

    /// Closes and removes the file. What a write in progress still does to it is lost with it.
    func discard() {
        finish = nil
        failed = true
        waiting = ByteBuffer()
        let (descriptor, path) = (descriptor, path)
        NIOThreadPool.singleton.submit { _ in
            descriptor.close()
            TemporaryFile.remove(path)
        }
    }

    private func writeNext() {
        guard !isWriting, waiting.readableBytes > 0 else { return }
        isWriting = true
        let piece = waiting
        waiting = ByteBuffer()
        let descriptor = descriptor
        let written = NIOThreadPool.singleton.runIfActive(eventLoop: loop) { descriptor.write(piece) }
        written.assumeIsolated().whenComplete { result in
            self.isWriting = false
            if case .success(true) = result {
                self.writeNext()
            } else {
                // The rest is read and dropped, so that the client gets to see the answer.
                self.failed = true
                self.waiting = ByteBuffer()
            }
            self.progress()
            self.completeIfDone()
        }
    }

    private func completeIfDone() {
        guard let finish, !isWriting else { return }
        self.finish = nil
        let (descriptor, succeeded) = (descriptor, !failed)
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { descriptor.close() }
            .assumeIsolated().whenComplete { _ in finish(succeeded) }
    }
}

/// A file descriptor that opens on first use, always on a thread that may block.
final class Descriptor: Sendable {
    private enum State { case unopened, open(CInt), closed }

    private let path: String
    private let flags: CInt
    private let state = Mutex(State.unopened)

    init(path: String, flags: CInt) {
        self.path = path
        self.flags = flags
    }

    deinit { close() }

    func write(_ buffer: ByteBuffer) -> Bool {
        state.withLock { state in
            guard let descriptor = opened(&state) else { return false }
            return buffer.withUnsafeReadableBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let part = UnsafeRawBufferPointer(rebasing: rest)
                    #if canImport(Darwin)
                        let written = Darwin.write(descriptor, part.baseAddress, part.count)
                    #elseif canImport(Musl)
                        let written = Musl.write(descriptor, part.baseAddress, part.count)
                    #else
                        let written = Glibc.write(descriptor, part.baseAddress, part.count)
                    #endif
                    if written < 0 {
                        if errno == EINTR { continue }
                        return false
                    }
                    rest = rest.dropFirst(written)
                }
                return true
            }
        }
    }

    func canOpen() -> Bool { state.withLock { opened(&$0) != nil } }

    /// Up to `count` bytes from `offset`; nil at the end of the file and for any error.
    func read(offset: Int, count: Int) -> ByteBuffer? {
        state.withLock { state in
            guard let descriptor = opened(&state) else { return nil }
            var buffer = ByteBufferAllocator().buffer(capacity: count)
            let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                max(0, pread(descriptor, space.baseAddress, count, off_t(offset)))
            }
            return read > 0 ? buffer : nil
        }
    }

    func close() {
        state.withLock { state in
            #if canImport(Darwin)
                if case .open(let descriptor) = state { _ = Darwin.close(descriptor) }
            #elseif canImport(Musl)
                if case .open(let descriptor) = state { _ = Musl.close(descriptor) }
            #else
                if case .open(let descriptor) = state { _ = Glibc.close(descriptor) }
            #endif
            state = .closed
        }
    }

    private func opened(_ state: inout State) -> CInt? {
        switch state {
        case .open(let descriptor): return descriptor
        case .closed: return nil
        case .unopened:
            let descriptor = open(path, flags, 0o600)
            guard descriptor >= 0 else { return nil }
            state = .open(descriptor)
            return descriptor
        }
    }
}
