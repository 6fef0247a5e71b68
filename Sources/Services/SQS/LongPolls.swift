import BatonStore
import Synchronization

/// The receivers that wait for messages, in the order in which they came.
///
/// A receiver *joins* before it looks for messages and *leaves* with its answer; in between it looks, waits for a
/// signal, and looks again. One signal stands for messages that one receiver can take; who leaves with a signal that
/// came too late for him passes it on.
final class LongPolls: Sendable {
    struct Ticket: Sendable {
        let queue: Int64
        let number: UInt64
    }

    private struct Receiver {
        let number: UInt64
        var isSignalled = false
        var continuation: UnsafeContinuation<Void, Never>?
    }
    private struct Line {
        var receivers: [Receiver] = []
        var timer: (any ClockTimer)?
        var timerMs = Int64.max

        mutating func change(_ number: UInt64, _ change: (inout Receiver) -> Void) {
            guard let index = receivers.firstIndex(where: { $0.number == number }) else { return }
            change(&receivers[index])
        }

        /// Marks one receiver and hands out its continuation.
        mutating func signal(at index: Int) -> UnsafeContinuation<Void, Never>? {
            receivers[index].isSignalled = true
            defer { receivers[index].continuation = nil }
            return receivers[index].continuation
        }
    }
    private struct State {
        var clock: (any Clock)?
        var lines: [Int64: Line] = [:]
        var lastNumber: UInt64 = 0
        var isStopped = false
    }
    private let state = Mutex(State())

    func start(_ clock: any Clock) {
        state.withLock { state in
            state.clock = clock
            state.isStopped = false
        }
    }

    /// Lets all receivers go; those that come later do not wait.
    func stop() {
        let lines = state.withLock { state in
            state.isStopped = true
            defer { state.lines = [:] }
            return state.lines.values
        }
        for line in lines {
            line.timer?.cancel()
            for receiver in line.receivers { receiver.continuation?.resume() }
        }
    }

    /// Lets the receivers of a queue look once more: it has been deleted.
    func dismiss(_ queue: Int64) {
        let waiting = state.withLock { state -> [UnsafeContinuation<Void, Never>] in
            let count = state.lines[queue]?.receivers.count ?? 0
            return (0..<count).compactMap { state.lines[queue]?.signal(at: $0) }
        }
        for continuation in waiting { continuation.resume() }
    }

    /// False after ``stop()``.
    var isOpen: Bool { state.withLock { !$0.isStopped } }

    func isWaitedFor(_ queue: Int64) -> Bool { state.withLock { $0.lines[queue] != nil } }

    /// How many receivers have joined at all queues.
    var count: Int { state.withLock { $0.lines.values.reduce(0) { $0 + $1.receivers.count } } }

    // MARK: Receivers

    /// nil after ``stop()``.
    func join(_ queue: Int64) -> Ticket? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            state.lastNumber += 1
            state.lines[queue, default: Line()].receivers.append(Receiver(number: state.lastNumber))
            return Ticket(queue: queue, number: state.lastNumber)
        }
    }

    /// The receiver looks for messages now: earlier signals are used up.
    func look(_ ticket: Ticket) {
        state.withLock { $0.lines[ticket.queue]?.change(ticket.number) { $0.isSignalled = false } }
    }

    /// Suspends until a signal, `untilMs`, the task's cancellation or ``stop()``.
    func wait(_ ticket: Ticket, untilMs: Int64) async {
        guard let clock = state.withLock({ $0.clock }) else { return }
        clock.endActivity()
        let timer = clock.schedule(atMs: untilMs, pullsTime: false) { [self] in signal(ticket) }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let waits = state.withLock { state in
                    var waits = false
                    state.lines[ticket.queue]?.change(ticket.number) { receiver in
                        guard !receiver.isSignalled else { return }
                        receiver.continuation = continuation
                        waits = true
                    }
                    return waits
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            signal(ticket)
        }
        timer.cancel()
        clock.beginActivity()
    }

    func leave(_ ticket: Ticket) {
        let (timer, passesOn) = state.withLock { state -> ((any ClockTimer)?, Bool) in
            guard let index = state.lines[ticket.queue]?.receivers.firstIndex(where: { $0.number == ticket.number }),
                let receiver = state.lines[ticket.queue]?.receivers.remove(at: index)
            else { return (nil, false) }
            let isLast = state.lines[ticket.queue]?.receivers.isEmpty ?? true
            let line = isLast ? state.lines.removeValue(forKey: ticket.queue) : nil
            return (line?.timer, receiver.isSignalled)
        }
        timer?.cancel()
        if passesOn { wake(ticket.queue) }
    }

    private func signal(_ ticket: Ticket) {
        let continuation = state.withLock { state -> UnsafeContinuation<Void, Never>? in
            guard let index = state.lines[ticket.queue]?.receivers.firstIndex(where: { $0.number == ticket.number })
            else { return nil }
            return state.lines[ticket.queue]?.signal(at: index)
        }
        continuation?.resume()
    }

    // MARK: Messages

    /// A message can be received from `atMs` on.
    /// - Parameter pullsTime: whether a skipping clock may jump there: for delayed messages, not for those in flight,
    ///   whose receivers may be at work.
    func available(_ queue: Int64, atMs: Int64, nowMs: Int64, pullsTime: Bool) {
        if atMs <= nowMs { wake(queue) } else { arm(queue, atMs: atMs, pullsTime: pullsTime) }
    }

    /// Signals the first receiver that has no signal yet.
    func wake(_ queue: Int64) {
        let continuation = state.withLock { state -> UnsafeContinuation<Void, Never>? in
            guard let index = state.lines[queue]?.receivers.firstIndex(where: { !$0.isSignalled }) else { return nil }
            return state.lines[queue]?.signal(at: index)
        }
        continuation?.resume()
    }

    /// Sets the timer of a queue that is waited for, unless it fires earlier anyway.
    private func arm(_ queue: Int64, atMs: Int64, pullsTime: Bool) {
        let clock = state.withLock { state -> (any Clock)? in
            guard let line = state.lines[queue], atMs < line.timerMs else { return nil }
            state.lines[queue]?.timerMs = atMs
            return state.clock
        }
        guard let clock else { return }
        let timer = clock.schedule(atMs: atMs, pullsTime: pullsTime) { [self] in
            state.withLock { state in
                if state.lines[queue]?.timerMs == atMs { state.lines[queue]?.timerMs = .max }
            }
            wake(queue)
        }
        let old = state.withLock { state -> (any ClockTimer)? in
            guard let line = state.lines[queue] else { return timer }
            state.lines[queue]?.timer = timer
            return line.timer
        }
        old?.cancel()
    }
}
