/// The states of a job in their order; the raw value is what the store holds.
enum JobStatus: Int, Sendable, CaseIterable, Comparable {
    case submitted, pending, runnable, starting, running, succeeded, failed

    static func < (left: JobStatus, right: JobStatus) -> Bool { left.rawValue < right.rawValue }

    /// AWS's name.
    var name: String {
        switch self {
        case .submitted: "SUBMITTED"
        case .pending: "PENDING"
        case .runnable: "RUNNABLE"
        case .starting: "STARTING"
        case .running: "RUNNING"
        case .succeeded: "SUCCEEDED"
        case .failed: "FAILED"
        }
    }

    init?(name: String) {
        guard let found = JobStatus.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    var isFinal: Bool { self >= .succeeded }
}

/// What a row of jobs stands for.
enum JobKind: Int, Sendable {
    case single
    /// The parent of the children of an array.
    case array
    case child
    /// The parent of the nodes of a multi-node job.
    case multinode
    case node

    /// Whether processes run for it.
    var runs: Bool { self == .single || self == .child || self == .node }
}
