import Dispatch
import Foundation
import Synchronization

/// The signals that end Baton. They are caught from ``init()`` on, so that none is lost that comes during the start.
///
/// A handler writes the signal's number into a pipe. (A dispatch source registers itself some time after `resume`, and
/// what comes before that is lost.)
struct Signals {
    enum Ending: String, Sendable { case interrupt = "SIGINT", terminate = "SIGTERM" }

    private static let pipeEnd = Atomic<Int32>(-1)
    private let reading: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure("Baton cannot start: no file descriptors are left.") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = ends[0]
        Self.pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Signals.pipeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
            }
        }
    }

    /// Returns when the first one comes. A second one during the graceful stop ends the process at once.
    func first() async -> Ending {
        let source = DispatchSource.makeReadSource(fileDescriptor: reading)
        let number = await withCheckedContinuation { continuation in
            source.setEventHandler { [reading] in
                var byte: UInt8 = 0
                guard read(reading, &byte, 1) == 1 else { return }
                source.cancel()
                continuation.resume(returning: Int32(byte))
            }
            source.activate()
        }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        return number == SIGINT ? .interrupt : .terminate
    }
}
