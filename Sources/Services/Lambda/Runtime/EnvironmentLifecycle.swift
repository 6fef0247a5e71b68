/// The life of one execution environment: a process that loads the code, asks for events and answers them one at a time.
///
/// Pure: events in, effects out; ``ExecutionEnvironment`` performs them.
struct EnvironmentLifecycle: Sendable {
    enum Phase: Sendable, Equatable {
        /// Loading the code; the first poll ends it.
        case starting
        /// Its poll is parked.
        case idle
        /// It has an event and owes the answer.
        case busy(String)
        /// It has answered and not polled yet.
        case settling
        /// It is being killed, or ends by itself; its exit completes what it still owes.
        case ending(Cause)
        case ended
    }

    /// Why an environment ends.
    enum Cause: Sendable, Equatable {
        /// The runtime reported that the code cannot be loaded.
        case initFailed
        case timedOut
        /// Nobody needs it any more.
        case retired
        /// By itself, or killed for going beyond its bounds.
        case exited
    }

    enum Event: Sendable, Equatable {
        case assigned(String)
        case polled
        case answered(String)
        case initFailed
        case timedOut
        case retired
        case exited
    }

    enum Effect: Sendable, Equatable {
        /// The code is loaded.
        case initialized
        case deliver(String)
        case park
        /// The runtime asked for what does not fit its state.
        case refuse
        /// The invocation has its answer.
        case complete(String)
        /// The invocation fails because the environment has ended.
        case fail(String, Cause)
        /// The invocation never reached the function: another environment may take it.
        case handBack(String)
        case kill
    }

    private(set) var phase = Phase.starting
    /// Assigned and not yet delivered.
    private(set) var waiting: String?

    /// The invocation that the environment owes an answer or an end.
    var current: String? { if case .busy(let id) = phase { id } else { waiting } }

    mutating func handle(_ event: Event) -> [Effect] {
        switch event {
        case .assigned(let id): assigned(id)
        case .polled: polled()
        case .answered(let id): answered(id)
        case .initFailed: phase == .starting ? end(.initFailed) : [.refuse]
        case .timedOut: owesNothing ? [] : end(.timedOut)
        case .retired: end(.retired)
        case .exited: exited()
        }
    }

    /// A timer that fires late finds nothing to end.
    private var owesNothing: Bool { phase != .starting && current == nil }

    private mutating func assigned(_ id: String) -> [Effect] {
        switch phase {
        case .idle:
            phase = .busy(id)
            return [.deliver(id)]
        case .starting, .settling:
            waiting = id
            return []
        case .ending, .ended, .busy: return [.handBack(id)]
        }
    }

    private mutating func polled() -> [Effect] {
        let first: [Effect] = phase == .starting ? [.initialized] : []
        switch phase {
        case .starting, .settling:
            guard let id = waiting else {
                phase = .idle
                return first + [.park]
            }
            waiting = nil
            phase = .busy(id)
            return first + [.deliver(id)]
        case .idle, .busy, .ending, .ended: return [.refuse]
        }
    }

    private mutating func answered(_ id: String) -> [Effect] {
        guard phase == .busy(id) else { return [.refuse] }
        phase = .settling
        return [.complete(id)]
    }

    /// What is owed stays owed until the process has gone, so that its last words reach the log first.
    private mutating func end(_ cause: Cause) -> [Effect] {
        switch phase {
        case .ending, .ended: return []
        case .busy(let id):
            waiting = id
            phase = .ending(cause)
        case .settling:
            // An event that waits behind an earlier one is not to blame for what comes before its turn.
            phase = .ending(.retired)
        case .starting, .idle: phase = .ending(cause)
        }
        return [.kill]
    }

    private mutating func exited() -> [Effect] {
        defer {
            waiting = nil
            if phase != .ended { phase = .ended }
        }
        switch phase {
        case .ended: return []
        case .busy(let id): return [.fail(id, .exited)]
        case .starting: return waiting.map { [.fail($0, .exited)] } ?? []
        case .idle, .settling, .ending(.retired): return waiting.map { [.handBack($0)] } ?? []
        case .ending(let cause): return waiting.map { [.fail($0, cause)] } ?? []
        }
    }
}
