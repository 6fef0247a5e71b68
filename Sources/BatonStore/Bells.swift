import Synchronization

/// Wakes those who wait for something that a commit has brought, for example the reader of a stream.
///
/// A bell only says "look again": whoever waits reads rows, and rings that come before the waiting are not missed,
/// because the count of rings is taken before the reading.
public final class Bells: Sendable {
    private struct Bell {
        var count = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex<[String: Bell]>([:])

    public func count(_ key: String) -> Int { state.withLock { $0[key]?.count ?? 0 } }

    public func ring(_ key: String) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state[key, default: Bell()].count += 1
            defer { state[key]?.waiting = [] }
            return state[key]?.waiting ?? []
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the bell has rung since its count was `count`. Whoever cancels the waiting task rings.
    public func wait(_ key: String, after count: Int) async {
        await withCheckedContinuation { continuation in
            let hasRung = state.withLock { state in
                if (state[key]?.count ?? 0) > count { return true }
                state[key, default: Bell()].waiting.append(continuation)
                return false
            }
            if hasRung { continuation.resume() }
        }
    }
}
