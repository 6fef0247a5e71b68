import Synchronization

/// Names of queues and environments by the ids of their rows, for the environments of jobs.
final class Names: Sendable {
    private let queues = Mutex<[Int64: String]>([:])
    private let environments = Mutex<[Int64: String]>([:])

    func queue(_ id: Int64) -> String? { queues.withLock { $0[id] } }
    func environment(_ id: Int64) -> String? { environments.withLock { $0[id] } }
    func set(queue name: String?, _ id: Int64) { queues.withLock { $0[id] = name } }
    func set(environment name: String?, _ id: Int64) { environments.withLock { $0[id] = name } }
}
