import Synchronization

/// Collects what an environment writes, line by line, with the platform's own lines in between, until it is delivered.
///
/// Bounded: what is not yet delivered holds at most ``pendingLimit`` bytes; what a function writes beyond that is dropped
/// and counted in a line of its own.
final class FunctionLog: Sendable {
    struct Event: Sendable, Equatable {
        let atMs: Int64
        let message: String
    }

    private struct State {
        var pending: [Event] = []
        var pendingBytes = 0
        var dropped = 0
        /// The beginning of a line whose end has not come.
        var partial: [UInt8] = []
        /// The last bytes of the present invocation.
        var tail: [UInt8] = []
    }
    private let state = Mutex(State())

    static let pendingLimit = 4 << 20
    /// A line without an end is cut here: CloudWatch Logs takes no longer events.
    static let lineLimit = 250 * 1024

    /// Output of the function, as it came.
    func write(_ bytes: [UInt8], atMs: Int64) {
        state.withLock { state in
            var rest = bytes[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                state.partial += rest[...end]
                Self.endLine(&state, atMs)
                rest = rest[(end + 1)...]
            }
            state.partial += rest
            while state.partial.count >= Self.lineLimit { Self.endLine(&state, atMs) }
        }
    }

    private static func endLine(_ state: inout State, _ atMs: Int64) {
        let line = state.partial.prefix(lineLimit)
        state.partial.removeFirst(line.count)
        guard !line.isEmpty else { return }
        keepTail(&state, line)
        guard state.pendingBytes + line.count <= pendingLimit else {
            state.dropped += line.count
            return
        }
        append(&state, String(decoding: line, as: UTF8.self), line.count, atMs)
    }

    private static func append(_ state: inout State, _ message: String, _ count: Int, _ atMs: Int64) {
        state.pending.append(Event(atMs: atMs, message: message))
        state.pendingBytes += count + 26
    }

    private static func keepTail(_ state: inout State, _ bytes: some Collection<UInt8>) {
        state.tail += bytes.suffix(Limits.logTail)
        if state.tail.count > 4 * Limits.logTail { state.tail.removeFirst(state.tail.count - Limits.logTail) }
    }

    /// A line of the platform: `START`, `END`, `REPORT` and the like.
    /// - Parameter isFirst: an invocation begins, and with it the tail.
    func platform(_ line: String, atMs: Int64, isFirst: Bool = false) {
        state.withLock { state in
            if isFirst { state.tail = [] }
            Self.endLine(&state, atMs)
            if state.dropped > 0 {
                let note =
                    "\(state.dropped) bytes of output were dropped: the function writes faster than its log takes it\n"
                Self.append(&state, note, note.utf8.count, atMs)
                state.dropped = 0
            }
            let text = line + "\n"
            Self.keepTail(&state, Array(text.utf8))
            Self.append(&state, text, text.utf8.count, atMs)
        }
    }

    /// The last 4 KB since the invocation began.
    var tail: [UInt8] { state.withLock { Array($0.tail.suffix(Limits.logTail)) } }

    /// What is to be delivered next: at most 10,000 events and 1 MB, the limits of one PutLogEvents.
    func take() -> [Event] {
        state.withLock { state in
            var (count, bytes) = (0, 0)
            for event in state.pending.prefix(10_000) {
                bytes += event.message.utf8.count + 26
                if count > 0, bytes > 1_048_576 { break }
                count += 1
            }
            let events = Array(state.pending.prefix(count))
            state.pending.removeFirst(count)
            state.pendingBytes = state.pending.isEmpty ? 0 : max(0, state.pendingBytes - bytes)
            return events
        }
    }
}
