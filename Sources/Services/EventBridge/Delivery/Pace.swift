import AWSWire
import Synchronization

/// Gives out the times at which an API destination may be called: as many in one second as its rate allows, in the order
/// of asking. Only in memory: a restart may let a second have more.
final class Pace: Sendable {
    private struct Second {
        var startMs: Int64
        var given: Int
    }
    private let seconds = Mutex<[String: Second]>([:])

    /// - Returns: `nowMs`, or the start of the first later second that has room.
    func slot(_ destination: String, perSecond rate: Int, nowMs: Int64) -> Int64 {
        seconds.withLock { seconds in
            let currentMs = nowMs - nowMs % 1000
            var second = seconds[destination] ?? Second(startMs: currentMs, given: 0)
            if second.startMs < currentMs { second = Second(startMs: currentMs, given: 0) }
            if second.given >= max(1, rate) { second = Second(startMs: second.startMs + 1000, given: 0) }
            second.given += 1
            seconds[destination] = second
            return max(nowMs, second.startMs)
        }
    }
}
