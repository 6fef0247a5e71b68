import Synchronization

/// The only source of time. Three kinds exist: ``RealClock``, ``ControlledClock`` (tests move it) and
/// ``SkippingClock`` (jumps to the next due row when nothing else can run).
public protocol Clock: AnyObject, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var nowMs: Int64 { get }

    /// Calls `body` once, at `atMs` or as soon after as possible, on a thread of the clock's choosing: `body` must be
    /// short. A timer with `pullsTime` is one that a skipping clock may jump to; others only fire when time passes them.
    func schedule(atMs: Int64, pullsTime: Bool, _ body: @escaping @Sendable () -> Void) -> any ClockTimer

    /// Marks work in progress, during which a skipping clock does not jump. Each `beginActivity` needs its
    /// `endActivity`; other clocks ignore both.
    func beginActivity()
    func endActivity()
}

public protocol ClockTimer: Sendable {
    /// After this the timer does not fire, unless it is firing right now.
    func cancel()
}

extension Clock {
    public func beginActivity() {}
    public func endActivity() {}

    /// Suspends until `atMs` has come; returns at once when the task is cancelled. Never holds a thread.
    /// For waits of clients (long polls) and of loops, not for durable timers: those are due rows.
    public func wait(untilMs atMs: Int64) async {
        let wait = Wait()
        endActivity()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait.begin(continuation)
                wait.keep(schedule(atMs: atMs, pullsTime: false) { wait.end() })
            }
        } onCancel: {
            wait.end()
        }
        beginActivity()
    }
}

/// A continuation that is resumed exactly once, whichever of timer and cancellation comes first.
private final class Wait: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, Never>?
        var timer: (any ClockTimer)?
        var isOver = false
    }
    private let state = Mutex(State())

    func begin(_ continuation: CheckedContinuation<Void, Never>) {
        let isOver = state.withLock { state in
            if !state.isOver { state.continuation = continuation }
            return state.isOver
        }
        if isOver { continuation.resume() }
    }

    func keep(_ timer: any ClockTimer) {
        let isOver = state.withLock { state in
            if !state.isOver { state.timer = timer }
            return state.isOver
        }
        if isOver { timer.cancel() }
    }

    func end() {
        let (continuation, timer) = state.withLock { state in
            defer {
                state.isOver = true
                state.continuation = nil
                state.timer = nil
            }
            return (state.continuation, state.timer)
        }
        timer?.cancel()
        continuation?.resume()
    }
}
