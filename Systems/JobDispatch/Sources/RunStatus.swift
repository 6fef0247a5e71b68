import JSON

/// How far a run has come. Everything but `dispatching` is settled for the broker.
enum RunStatus: String {
    /// Claimed, not yet known to be sent.
    case dispatching = "DISPATCHING"
    case dispatched = "DISPATCHED"
    case succeeded = "SUCCEEDED"
    /// The engine said so, or all attempts are used up.
    case failed = "FAILED"
    /// Never dispatched, and never will be.
    case rejected = "REJECTED"
}

/// What the broker returns for one event.
struct RunResult: Equatable {
    var runId: String
    var jobId: String?
    var status: RunStatus
    var targetId: String?
    var error: String?

    var json: JSON {
        [
            "runId": .string(runId), "jobId": jobId.map(JSON.string) ?? .null, "status": .string(status.rawValue),
            "targetId": targetId.map(JSON.string) ?? .null, "error": error.map(JSON.string) ?? .null,
        ]
    }
}
