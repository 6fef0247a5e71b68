import Synchronization

/// What the environments of jobs need to know of queues and compute environments, by the ids of their rows.
final class Names: Sendable {
    private let queues = Mutex<[Int64: String]>([:])
    private let environments = Mutex<[Int64: String]>([:])

    func queue(_ id: Int64) -> String? { queues.withLock { $0[id] } }
    func environment(_ id: Int64) -> String? { environments.withLock { $0[id] } }
    private let clusters = Mutex<[Int64: Slurm.Target]>([:])

    /// Where the jobs of an environment run, when that is not this machine.
    func slurm(_ id: Int64) -> Slurm.Target? { clusters.withLock { $0[id] } }
    func set(slurm target: Slurm.Target?, _ id: Int64) { clusters.withLock { $0[id] = target } }
    func set(queue name: String?, _ id: Int64) { queues.withLock { $0[id] = name } }
    func set(environment name: String?, _ id: Int64) { environments.withLock { $0[id] = name } }
}
