@preconcurrency internal import Dispatch
internal import Glibc

/// Hands on what children write into a pipe, in pieces, as it comes. It owns the descriptor.
final class OutputReader: Sendable {
    private let descriptor: Int32
    private let sink: @Sendable ([UInt8]) -> Void
    private let source: any DispatchSourceRead
    private let queue = DispatchQueue(label: "baton.output")
    /// Written and read on the queue alone.
    private nonisolated(unsafe) let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(
        capacity: OutputReader.pieceSize)
    private static let pieceSize = 64 * 1024
    /// What is read at most in one go: a pipe holds no more than that.
    private static let lastPieces = 32

    private enum Piece { case some, nothingYet, end }

    init(descriptor: Int32, sink: @escaping @Sendable ([UInt8]) -> Void) {
        self.descriptor = descriptor
        self.sink = sink
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [weak self] in
            // One piece a turn: a flood does not keep the thread from others.
            guard let self else { return }
            if readPiece() == .end { source.cancel() }
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    deinit { buffer.deallocate() }

    private func readPiece() -> Piece {
        let result = read(descriptor, buffer.baseAddress, Self.pieceSize)
        if result < 0 { return errno == EAGAIN || errno == EINTR ? .nothingYet : .end }
        if result == 0 { return .end }
        sink(Array(buffer[..<result]))
        return .some
    }

    /// Hands on what is in the pipe at this moment.
    func drain() async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                readPieces()
                continuation.resume()
            }
        }
    }

    private func readPieces() {
        var pieces = 0
        while !source.isCancelled, pieces < Self.lastPieces, readPiece() == .some { pieces += 1 }
    }

    /// Hands on what is still in the pipe and closes it, though somebody may hold its other end.
    func finish() async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                readPieces()
                source.cancel()
                continuation.resume()
            }
        }
    }
}
