import NIOCore
import NIOPosix
import Synchronization

/// Timers ordered by their time, then by the order in which they were set.
private struct TimerQueue {
    struct Entry {
        let id: UInt64
        let atMs: Int64
        let pullsTime: Bool
        let body: @Sendable () -> Void
    }
    private(set) var entries: [Entry] = []
    private var lastId: UInt64 = 0

    mutating func add(_ atMs: Int64, _ pullsTime: Bool, _ body: @escaping @Sendable () -> Void) -> UInt64 {
        lastId += 1
        let place = entries.firstIndex { $0.atMs > atMs } ?? entries.endIndex
        entries.insert(Entry(id: lastId, atMs: atMs, pullsTime: pullsTime, body: body), at: place)
        return lastId
    }

    mutating func remove(_ id: UInt64) { entries.removeAll { $0.id == id } }

    mutating func takeDue(_ nowMs: Int64) -> [Entry] {
        let due = entries.prefix { $0.atMs <= nowMs }
        entries.removeFirst(due.count)
        return Array(due)
    }
}

private struct QueuedTimer: ClockTimer {
    let remove: @Sendable () -> Void
    func cancel() { remove() }
}

/// A clock that stands still until a test moves it.
public final class ControlledClock: Clock {
    private struct State {
        var nowMs: Int64
        var timers = TimerQueue()
    }
    private let state: Mutex<State>

    /// - Parameter nowMs: where time starts; the default is 2026-01-01T00:00:00Z.
    public init(nowMs: Int64 = 1_767_225_600_000) { state = Mutex(State(nowMs: nowMs)) }

    public var nowMs: Int64 { state.withLock { $0.nowMs } }

    public func schedule(
        atMs: Int64, pullsTime: Bool, _ body: @escaping @Sendable () -> Void
    ) -> any ClockTimer {
        let id: UInt64? = state.withLock { state in
            atMs <= state.nowMs ? nil : state.timers.add(atMs, pullsTime, body)
        }
        guard let id else {
            body()
            return QueuedTimer {}
        }
        return QueuedTimer { [weak self] in self?.state.withLock { $0.timers.remove(id) } }
    }

    /// Moves time forward and fires, in order, what has become due.
    public func advance(byMs milliseconds: Int64) {
        let due = state.withLock { state in
            state.nowMs += milliseconds
            return state.timers.takeDue(state.nowMs)
        }
        for timer in due { timer.body() }
    }

    /// The time of the next timer, for tests that wait until something has been scheduled.
    public var nextTimerMs: Int64? { state.withLock { $0.timers.entries.first?.atMs } }
}

/// Real time that jumps: when nothing is active, it moves on to the next timer that pulls time.
public final class SkippingClock: Clock {
    private struct State {
        var offsetMs: Int64 = 0
        var active = 0
        var timers = TimerQueue()
        var wakeUp: Scheduled<Void>?
        var isSettling = false
    }
    private let state = Mutex(State())
    private let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    /// How long nothing must have been active before time jumps: enough for an answer to reach a local client that
    /// then asks the next question.
    private let quietMs: Int64

    public init(quietMs: Int64 = 5) { self.quietMs = quietMs }

    public var nowMs: Int64 { state.withLock { RealClock.wallMs + $0.offsetMs } }

    public func beginActivity() { state.withLock { $0.active += 1 } }

    public func endActivity() {
        state.withLock { $0.active -= 1 }
        settle()
    }

    public func schedule(
        atMs: Int64, pullsTime: Bool, _ body: @escaping @Sendable () -> Void
    ) -> any ClockTimer {
        let id = state.withLock { $0.timers.add(atMs, pullsTime, body) }
        fireDue()
        settle()
        return QueuedTimer { [weak self] in self?.state.withLock { $0.timers.remove(id) } }
    }

    /// Fires what is due and sets one real timer for what comes next.
    private func fireDue() {
        let due = state.withLock { state in
            let now = RealClock.wallMs + state.offsetMs
            let due = state.timers.takeDue(now)
            state.wakeUp?.cancel()
            state.wakeUp = state.timers.entries.first.map { next in
                loop.scheduleTask(in: .milliseconds(min(next.atMs - now, 86_400_000))) { [weak self] in self?.fireDue()
                }
            }
            return due
        }
        for timer in due { loop.execute(timer.body) }
        if !due.isEmpty { settle() }
    }

    private func settle() {
        let starts = state.withLock { state in
            guard state.active == 0, !state.isSettling else { return false }
            state.isSettling = true
            return true
        }
        guard starts else { return }
        loop.scheduleTask(in: .milliseconds(quietMs)) { [weak self] in self?.jump() }
    }

    private func jump() {
        state.withLock { state in
            state.isSettling = false
            guard state.active == 0, let next = state.timers.entries.first(where: \.pullsTime) else { return }
            state.offsetMs += max(0, next.atMs - (RealClock.wallMs + state.offsetMs))
        }
        fireDue()
    }
}
