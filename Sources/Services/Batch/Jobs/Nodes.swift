import BatonCore
import BatonStore
import GRDB
import JSON

/// Multi-node jobs: all nodes start together, the main node's end decides. Source: User Guide, "Multi-node parallel
/// jobs".
extension JobLedger {
    mutating func nodeEnded(_ node: JobRecord, _ parent: Int64) throws {
        guard let job = try record(parent), !job.status.isFinal else { return }
        let spec = try batch.specs.spec(job, transaction.db)
        let nodes = try children(job)
        let main = nodes.first { $0.childIndex == spec.mainNode }
        let open = nodes.filter { !$0.status.isFinal }
        if let main, main.status.isFinal || node.status == .failed, !open.isEmpty {
            for other in open { tell(other.seq, .terminate(reason: "Main node or another node has exited")) }
            return
        }
        guard open.isEmpty, let main else { return }
        let end = AttemptEnd(
            exitCode: main.exitCode, reason: main.exitReason, statusReason: main.reason ?? JobLifecycle.exited,
            startedMs: main.startedMs, stoppedMs: transaction.nowMs)
        release(bookingOf: job.seq)
        var changed = job
        changed.attempts = AttemptDetail.appended(end, main, to: job.attempts)
        try store(changed)
        if main.status == .succeeded {
            try finish(changed, as: .succeeded, reason: main.reason)
        } else if job.stopReason == nil, spec.strategy.retries(end, afterAttempt: job.attempt) {
            try restart(changed, nodes)
        } else {
            try finish(changed, as: .failed, reason: job.stopReason ?? main.reason)
        }
    }

    /// All nodes from the start.
    private mutating func restart(_ job: JobRecord, _ nodes: [JobRecord]) throws {
        for node in nodes {
            var fresh = node
            fresh.take(JobLifecycle(status: .runnable, attempt: job.attempt))
            (fresh.stoppedMs, fresh.startedMs, fresh.exitCode, fresh.exitReason) = (nil, nil, nil, nil)
            try store(fresh)
        }
        var changed = job
        changed.status = .runnable
        changed.runnableMs = transaction.nowMs
        try store(changed)
        try enqueue(changed)
    }

    mutating func applyToNodes(_ event: JobLifecycle.Event, _ job: JobRecord) throws {
        var changed = job
        switch event {
        case .dependenciesMet where job.status <= .pending:
            changed.status = .runnable
            changed.runnableMs = transaction.nowMs
            try enqueue(changed)
            try transaction.execute(
                "UPDATE batch_job SET status = ?, runnable_ms = ? WHERE parent = ?", JobStatus.runnable.rawValue,
                transaction.nowMs, job.seq)
        case .chosen where job.status == .runnable:
            changed.status = .starting
            changed.attempt += 1
        case .started where job.status == .starting:
            changed.status = .running
            changed.startedMs = transaction.nowMs
        case .dependencyFailed where job.status <= .runnable:
            return try failNodes(job, reason: JobLifecycle.dependentFailed)
        case .cancel(let reason) where job.status <= .runnable:
            changed.isCancelled = true
            try store(changed)
            return try failNodes(changed, reason: reason)
        case .terminate(let reason):
            changed.isCancelled = true
            changed.isTerminated = true
            try store(changed)
            guard job.status >= .starting else { return try failNodes(changed, reason: reason) }
            changed.stopReason = reason
            for node in try children(job) where !node.status.isFinal { tell(node.seq, event) }
        case .timedOut:
            changed.stopReason = JobLifecycle.timeout
            for node in try children(job) where !node.status.isFinal { tell(node.seq, event) }
        default: return
        }
        try store(changed)
        try JobEvents.note(changed, was: job.status, transaction, batch)
    }

    /// A job of which nothing has started.
    private mutating func failNodes(_ job: JobRecord, reason: String) throws {
        try transaction.execute(
            "UPDATE batch_job SET status = ?, reason = ?, stopped_ms = ? WHERE parent = ?", JobStatus.failed.rawValue,
            reason, transaction.nowMs, job.seq)
        dequeue(job.seq)
        try finish(job, as: .failed, reason: reason)
    }
}
