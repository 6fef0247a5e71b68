import BatonCore
import BatonStore
import GRDB
import Synchronization

/// What reads an event source and calls its function.
protocol Polling: Sendable {
    func start()
    func cancel()
    func ended() async
}

/// One poller for each enabled mapping, in memory; the rows say which there must be.
final class MappingPollers: Sendable {
    private struct State {
        var pollers: [String: any Polling] = [:]
        weak var lambda: Lambda?
        var host: Host?
    }
    private let state = Mutex(State())

    func start(_ lambda: Lambda, _ host: Host) throws {
        state.withLock { state in
            state.lambda = lambda
            state.host = host
        }
        let rows = try host.store.read { db in
            try db.rows("SELECT * FROM lambda_mapping WHERE is_enabled").map(Mapping.init)
        }
        for mapping in rows { follow(mapping) }
    }

    /// Starts, restarts or ends the poller as the mapping says.
    func follow(_ mapping: Mapping) {
        let (old, new) = state.withLock { state -> ((any Polling)?, (any Polling)?) in
            let old = state.pollers.removeValue(forKey: mapping.uuid)
            guard mapping.isEnabled, let lambda = state.lambda, let host = state.host else { return (old, nil) }
            let new: any Polling =
                mapping.settings.stream == nil
                ? MappingPoller(mapping, lambda, host) : StreamPoller(mapping, lambda, host)
            state.pollers[mapping.uuid] = new
            return (old, new)
        }
        old?.cancel()
        new?.start()
    }

    func end(uuid: String) {
        state.withLock { $0.pollers.removeValue(forKey: uuid) }?.cancel()
    }

    /// Ends all; returns when none asks for more records.
    func stop() async {
        let pollers = state.withLock { state in
            state.host = nil
            defer { state.pollers = [:] }
            return Array(state.pollers.values)
        }
        for poller in pollers { poller.cancel() }
        for poller in pollers { await poller.ended() }
    }
}
