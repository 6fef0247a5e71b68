/// The life of one job, child or node as a value: events go in, effects come out. Source: User Guide, "Job states".
struct JobLifecycle: Sendable, Equatable {
    enum Event: Sendable, Equatable {
        /// Nothing is waited for any more.
        case dependenciesMet
        case dependencyFailed
        /// Capacity is booked.
        case chosen
        case started
        case ended(AttemptEnd)
        case cancel(reason: String)
        case terminate(reason: String)
        case timedOut
    }

    enum Effect: Sendable, Equatable {
        /// Goes to its queue.
        case enqueue
        /// Leaves its queue.
        case dequeue
        /// An attempt begins.
        case launch
        /// What runs is asked to end.
        case stop
        /// An attempt is over and goes on record.
        case record(AttemptEnd)
        case succeeded
        case failed
    }

    var status: JobStatus
    var strategy = RetryStrategy()
    /// How many attempts have begun.
    var attempt = 0
    var reason: String?
    var isCancelled = false
    var isTerminated = false
    /// Why the present attempt was stopped: it explains its end, which then is final.
    var stopReason: String?

    static let exited = "Essential container in task exited"
    static let dependentFailed = "Dependent Job failed"
    static let childFailed = "Array Child Job failed"
    static let timeout = "Job attempt duration exceeded timeout"

    /// An event that cannot be in the present state changes nothing.
    mutating func apply(_ event: Event) -> [Effect] {
        switch event {
        case .dependenciesMet where status <= .pending:
            status = .runnable
            return [.enqueue]
        case .dependencyFailed where status <= .runnable:
            return fail(Self.dependentFailed)
        case .chosen where status == .runnable:
            status = .starting
            attempt += 1
            return [.launch]
        case .started where status == .starting:
            status = .running
            return stopReason == nil ? [] : [.stop]
        case .ended(let end) where status == .starting || status == .running:
            return finish(end)
        case .cancel(let why) where status <= .runnable:
            isCancelled = true
            return fail(why)
        case .terminate(let why) where !status.isFinal:
            isTerminated = true
            isCancelled = true
            guard status >= .starting else { return fail(why) }
            guard stopReason == nil else { return [] }
            stopReason = why
            return [.stop]
        case .timedOut where status == .starting || status == .running:
            guard stopReason == nil else { return [] }
            stopReason = Self.timeout
            return [.stop]
        default:
            return []
        }
    }

    private mutating func fail(_ why: String) -> [Effect] {
        let wasQueued = status == .runnable
        status = .failed
        reason = why
        return (wasQueued ? [.dequeue] : []) + [.failed]
    }

    private mutating func finish(_ seen: AttemptEnd) -> [Effect] {
        var end = seen
        if let stopReason { end.statusReason = stopReason }
        reason = end.statusReason
        if end.succeeded, stopReason == nil {
            status = .succeeded
            return [.record(end), .succeeded]
        }
        if stopReason == nil, strategy.retries(end, afterAttempt: attempt) {
            status = .runnable
            return [.record(end), .enqueue]
        }
        status = .failed
        return [.record(end), .failed]
    }
}
