import BatonCore
import BatonStore
import GRDB
import JSON

/// Writes what happens to jobs into their rows, within one transaction, and all that follows from it: who waited for a
/// job goes on or fails with it, and an array ends with its last child. What must be told to the queues and to running
/// processes is told after the commit.
///
/// Each event costs the rows that it touches and no more; consequences go through a list, so that no chain is too long.
struct JobLedger {
    let transaction: Transaction
    let batch: Batch
    private var pending: [(seq: Int64, event: JobLifecycle.Event)] = []
    private var enqueued: [Schedule.Entry] = []
    private var dequeued: [Int64] = []
    private var stopped: [String] = []
    private var released: [Int64] = []

    private init(_ transaction: Transaction, _ batch: Batch) {
        self.transaction = transaction
        self.batch = batch
    }

    /// Runs `body` with a ledger and passes on afterwards what it has gathered.
    static func run<T>(_ transaction: Transaction, _ batch: Batch, _ body: (inout JobLedger) throws -> T) throws -> T {
        var ledger = JobLedger(transaction, batch)
        let result = try body(&ledger)
        try ledger.settle()
        let (enqueued, dequeued, stopped, released) = (
            ledger.enqueued, ledger.dequeued, ledger.stopped, ledger.released
        )
        guard !enqueued.isEmpty || !dequeued.isEmpty || !stopped.isEmpty || !released.isEmpty else { return result }
        let nowMs = transaction.nowMs
        transaction.afterCommit { [weak batch] in
            // What a job gives back comes before the same job can be taken again.
            batch?.dispatcher.change(releasing: released, adding: enqueued, removing: dequeued, nowMs: nowMs)
            for launch in stopped { batch?.runs.terminate(launch) }
        }
        return result
    }

    // MARK: Events

    /// Takes note of an event. Its consequences follow before the transaction ends.
    mutating func tell(_ seq: Int64, _ event: JobLifecycle.Event) { pending.append((seq, event)) }

    /// Puts a job that is RUNNABLE into its queue.
    mutating func enqueue(_ job: JobRecord) throws {
        enqueued.append(job.entry)
        try TimeLimits.watch(job, transaction, batch)
    }

    /// Why a job will wait in its queue until somebody changes something; nil when it can run.
    private func misfit(_ job: JobRecord) -> String? {
        let entry = job.entry
        guard job.kind != .node, !batch.dispatcher.look({ $0.canRun(entry) }) else { return nil }
        return
            "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job asks for more vCPUs than its compute environments have."
    }

    /// Puts a new job into its queue.
    mutating func enqueueFirst(_ job: JobRecord) throws {
        if let reason = misfit(job) {
            try transaction.execute("UPDATE batch_job SET reason = ? WHERE seq = ?", reason, job.seq)
        }
        try enqueue(job)
    }

    /// What was booked for a job is free again.
    mutating func release(bookingOf seq: Int64) { released.append(seq) }

    mutating func dequeue(_ seq: Int64) { dequeued.append(seq) }

    private mutating func settle() throws {
        var at = 0
        while at < pending.count {
            let (seq, event) = pending[at]
            at += 1
            // The list is kept short when the consequences are many.
            if at > 1024 {
                pending.removeFirst(at)
                at = 0
            }
            if let record = try record(seq) { try apply(event, to: record) }
        }
    }

    func record(_ seq: Int64) throws -> JobRecord? {
        try transaction.row("SELECT * FROM batch_job WHERE seq = ?", seq).map(JobRecord.init)
    }

    /// - Parameter startedMs: when a container started, where that is known better than now.
    @discardableResult
    mutating func apply(
        _ event: JobLifecycle.Event, to record: JobRecord, startedMs: Int64? = nil
    ) throws -> JobRecord {
        guard record.kind.runs else {
            try applyToParent(event, record)
            return record
        }
        let strategy = record.kind == .node ? RetryStrategy() : try batch.specs.spec(record, transaction.db).strategy
        var lifecycle = record.lifecycle(strategy)
        let effects = lifecycle.apply(event)
        guard lifecycle != record.lifecycle(strategy) else { return record }
        var changed = record
        changed.take(lifecycle)
        for effect in effects { try perform(effect, &changed) }
        if event == .started { changed.startedMs = startedMs ?? transaction.nowMs }
        try store(changed)
        try JobEvents.note(changed, was: record.status, transaction, batch)
        if changed.status.isFinal { try ended(changed) }
        return changed
    }

    private mutating func perform(_ effect: JobLifecycle.Effect, _ job: inout JobRecord) throws {
        switch effect {
        case .enqueue:
            job.runnableMs = transaction.nowMs
            job.stoppedMs = nil
            job.reason = misfit(job) ?? job.reason
            if job.kind != .node { try enqueue(job) }
        case .dequeue: dequeued.append(job.seq)
        case .launch: break
        case .stop: if let launch = job.launch { stopped.append(launch) }
        case .record(let end):
            job.attempts = AttemptDetail.appended(end, job, to: job.attempts)
            job.exitCode = end.exitCode
            job.exitReason = end.reason
            job.launch = nil
            if job.kind != .node { release(bookingOf: job.seq) }
            job.stoppedMs = end.stoppedMs
        case .succeeded, .failed: job.stoppedMs = job.stoppedMs ?? transaction.nowMs
        }
    }

    func store(_ job: JobRecord) throws {
        try transaction.execute(
            """
            UPDATE batch_job SET status = ?, attempt = ?, attempts = ?, launch = ?, log_stream = ?, exit_code = ?,
                exit_reason = ?, reason = ?, cancelled = ?, terminated = ?, stop_reason = ?, runnable_ms = ?,
                started_ms = ?, stopped_ms = ?, environment_id = ? WHERE seq = ?
            """, job.status.rawValue, job.attempt, job.attempts, job.launch, job.logStream, job.exitCode,
            job.exitReason, job.reason, job.isCancelled, job.isTerminated, job.stopReason, job.runnableMs,
            job.startedMs, job.stoppedMs, job.environmentId, job.seq)
    }

    // MARK: Consequences

    /// A job, array or multi-node job has its final state: who waits for it is told, and its parent.
    private mutating func ended(_ job: JobRecord) throws {
        let targets = try transaction.rows("SELECT target FROM batch_edge WHERE source = ?", job.seq)
        if !targets.isEmpty { try transaction.execute("DELETE FROM batch_edge WHERE source = ?", job.seq) }
        for row in targets {
            let target: Int64 = row["target"]
            if job.status == .succeeded { try release(target) } else { tell(target, .dependencyFailed) }
        }
        guard let parent = job.parent else { return }
        if job.kind == .node {
            try nodeEnded(job, parent)
        } else {
            try countEnded(1, failed: job.status == .failed ? 1 : 0, parent)
        }
    }

    /// One of the things that a job waits for has come.
    mutating func release(_ seq: Int64) throws {
        let row = try transaction.row(
            "UPDATE batch_job SET open_dependencies = open_dependencies - 1 WHERE seq = ? RETURNING open_dependencies",
            seq)
        if let open = row?["open_dependencies"] as Int?, open <= 0 { tell(seq, .dependenciesMet) }
    }

    /// Children of an array have ended; with the last one the array does.
    private mutating func countEnded(_ ended: Int, failed: Int, _ parent: Int64) throws {
        let row = try transaction.row(
            """
            UPDATE batch_job SET open_children = open_children - ?, failed_children = failed_children + ? WHERE seq = ?
            RETURNING open_children
            """, ended, failed, parent)
        guard let open = row?["open_children"] as Int?, open == 0, let array = try record(parent) else { return }
        try finish(
            array, as: array.failedChildren == 0 ? .succeeded : .failed,
            reason: array.failedChildren == 0 ? nil : array.stopReason ?? array.reason ?? JobLifecycle.childFailed)
    }

    /// Gives a parent its final state.
    mutating func finish(_ parent: JobRecord, as status: JobStatus, reason: String?) throws {
        guard !parent.status.isFinal else { return }
        var changed = parent
        changed.status = status
        changed.reason = reason
        changed.stoppedMs = transaction.nowMs
        try store(changed)
        try JobEvents.note(changed, was: parent.status, transaction, batch)
        try ended(changed)
    }

    // MARK: Parents

    private mutating func applyToParent(_ event: JobLifecycle.Event, _ parent: JobRecord) throws {
        guard !parent.status.isFinal else { return }
        if parent.kind == .multinode { return try applyToNodes(event, parent) }
        switch event {
        case .dependenciesMet: try openGate(parent)
        case .dependencyFailed:
            try transaction.execute(
                "UPDATE batch_job SET reason = ? WHERE seq = ?", JobLifecycle.dependentFailed, parent.seq)
            try failWaitingChildren(parent, reason: JobLifecycle.dependentFailed)
        case .cancel(let reason), .terminate(let reason):
            let isTermination = if case .terminate = event { true } else { false }
            try transaction.execute(
                """
                UPDATE batch_job SET cancelled = 1, terminated = max(terminated, ?), stop_reason = coalesce(stop_reason, ?)
                WHERE seq = ?
                """, isTermination, reason, parent.seq)
            if isTermination { try tellChildren(parent, event) }
            try failWaitingChildren(parent, reason: reason, isCancelled: true, isTerminated: isTermination)
        default: break
        }
    }

    /// Ends all children of which nothing has started, by few statements however many they are.
    private mutating func failWaitingChildren(
        _ parent: JobRecord, reason: String, isCancelled: Bool = false, isTerminated: Bool = false
    ) throws {
        let rows = try transaction.rows(
            """
            UPDATE batch_job SET status = ?, reason = ?, stopped_ms = ?, cancelled = max(cancelled, ?),
                terminated = max(terminated, ?) WHERE parent = ? AND status < ? RETURNING seq
            """, JobStatus.failed.rawValue, reason, transaction.nowMs, isCancelled, isTerminated, parent.seq,
            JobStatus.starting.rawValue)
        guard !rows.isEmpty else { return }
        let failed: [Int64] = rows.map { $0["seq"] }
        dequeued += failed
        if JobEvents.isListening(parent, batch) {
            for job in try failed.compactMap(record) { try JobEvents.note(job, was: .pending, transaction, batch) }
        }
        let targets = try transaction.rows(
            """
            SELECT edge.target FROM batch_edge AS edge JOIN batch_job AS source ON source.seq = edge.source
            JOIN batch_job AS target ON target.seq = edge.target
            WHERE source.parent = ?1 AND source.status = ?2 AND target.parent IS NOT ?1
            """, parent.seq, JobStatus.failed.rawValue)
        for row in targets { tell(row["target"], .dependencyFailed) }
        try transaction.execute(
            """
            DELETE FROM batch_edge WHERE source IN (SELECT seq FROM batch_job WHERE parent = ? AND status = ?)
            """, parent.seq, JobStatus.failed.rawValue)
        try countEnded(failed.count, failed: failed.count, parent.seq)
    }

    func children(_ parent: JobRecord) throws -> [JobRecord] {
        try transaction.rows("SELECT * FROM batch_job WHERE parent = ? ORDER BY child_index", parent.seq)
            .map(JobRecord.init)
    }

    /// Those that run or are about to.
    private mutating func tellChildren(_ parent: JobRecord, _ event: JobLifecycle.Event) throws {
        let rows = try transaction.rows(
            "SELECT seq FROM batch_job WHERE parent = ? AND status IN (3, 4) ORDER BY child_index", parent.seq)
        for row in rows { tell(row["seq"], event) }
    }

    /// The children of an array may start, as far as they wait for nothing of their own.
    mutating func openGate(_ parent: JobRecord) throws {
        try transaction.execute(
            "UPDATE batch_job SET open_dependencies = open_dependencies - 1 WHERE parent = ?", parent.seq)
        let rows = try transaction.rows(
            """
            UPDATE batch_job SET status = ?, runnable_ms = ? WHERE parent = ? AND open_dependencies = 0 AND status < ?
            RETURNING *
            """, JobStatus.runnable.rawValue, transaction.nowMs, parent.seq, JobStatus.runnable.rawValue)
        let jobs = rows.map(JobRecord.init).sorted { $0.seq < $1.seq }
        for job in jobs {
            try enqueue(job)
            try JobEvents.note(job, was: .pending, transaction, batch)
        }
        var changed = parent
        changed.status = .pending
        try store(changed)
        if parent.status != .pending { try JobEvents.note(changed, was: parent.status, transaction, batch) }
    }
}

extension JobRecord {
    /// What the lifecycle decided.
    mutating func take(_ lifecycle: JobLifecycle) {
        status = lifecycle.status
        attempt = lifecycle.attempt
        reason = lifecycle.reason
        isCancelled = lifecycle.isCancelled
        isTerminated = lifecycle.isTerminated
        stopReason = lifecycle.stopReason
    }
}
