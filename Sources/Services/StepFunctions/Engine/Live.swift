import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// An execution in memory while something happens to it. Only the one who drains its mailbox touches it.
final class Live: @unchecked Sendable {
    var record: ExecutionRecord
    let revision: Revision
    var lifecycle: ExecutionLifecycle
    /// Attempts that are being made, by thread: the epoch of each.
    var flights: [Int: Int] = [:]
    /// Of an express execution.
    var timers: [Int: any ClockTimer] = [:]
    var limit: (any ClockTimer)?
    var isExpress: Bool { lifecycle.facts.isExpress }

    /// Whether memory is the only place for what is going on.
    var isKept: Bool { !flights.isEmpty || (isExpress && lifecycle.end == nil) }

    /// Brings the row up to date with what the step means for it.
    /// - Returns: whether it has changed.
    func closes(_ step: Step, _ nowMs: Int64) -> Bool {
        let isRedriven = record.redriveCount != lifecycle.redriveCount
        if isRedriven {
            record.redriveCount = lifecycle.redriveCount
            record.redriveMs = lifecycle.redriveMs
            record.status = ExecutionRecord.running
            (record.stopMs, record.output, record.error, record.cause) = (nil, nil, nil, nil)
        }
        if let end = step.end { record.close(end, nowMs) }
        return isRedriven || step.end != nil
    }

    /// nil when the machine logs nothing.
    let log: ExecutionLog?

    init(_ record: ExecutionRecord, _ revision: Revision, _ lifecycle: ExecutionLifecycle) {
        log = ExecutionLog(
            revision, account: record.account, region: record.region, executionArn: record.arn,
            startMs: record.startMs)
        self.record = record
        self.revision = revision
        self.lifecycle = lifecycle
    }

    /// What one attempt of a thread asks of ``Tasks``.
    func call(_ id: Int) -> (TaskCall, TaskAttempt)? {
        guard let thread = lifecycle.threads[id], case .task(let attempt) = thread.waiting else { return nil }
        return (call(thread.state, attempt, retryCount: thread.retryCount), attempt)
    }

    func call(_ state: String, _ attempt: TaskAttempt, retryCount: Int) -> TaskCall {
        TaskCall(
            resource: attempt.resource, parameters: attempt.parameters.value, token: attempt.token,
            executionArn: record.arn, stateMachineArn: record.machineArn, stateName: state, retryCount: retryCount,
            credentials: attempt.credentials, account: record.account, region: record.region,
            mockCase: record.mockCase, invocation: attempt.invocation)
    }
}

/// What was recorded for threads since their last step and is still to be told to the lifecycle.
struct Recorded {
    /// Outcomes of attempts.
    var answers: [(thread: Int, outcome: TaskOutcome)] = []
    /// Threads whose nested execution has ended.
    var wakes: [Int] = []
    /// Attempts to make again: their outcome was not recorded.
    var again: [Int] = []
    /// The last step was cut for its size.
    var hasMore = false

    var isEmpty: Bool { answers.isEmpty && wakes.isEmpty && again.isEmpty && !hasMore }
}

extension Live {
    /// Puts an execution together from its rows; nil when there is none of this id.
    static func load(
        _ id: Int64, _ machines: Machines, _ moment: Moment, _ db: Database
    ) throws -> (Live, Recorded)? {
        guard let record = try ExecutionRecord.find(id, db) else { return nil }
        let revision = try machines.revision(record.revision, db)
        var threads: [JSON] = []
        var recorded = Recorded()
        for row in try db.rows("SELECT id, work, state, answer FROM sfn_thread WHERE execution = ?", id) {
            threads.append(try JSON.parse(row["state"] as String))
            if let text = row["answer"] as String?, let outcome = TaskOutcome(tree: try JSON.parse(text)) {
                recorded.answers.append((row["id"], outcome))
            }
            if row["work"] as Int == ThreadWork.childEnded { recorded.wakes.append(row["id"]) }
        }
        let last = try db.row(
            "SELECT first_id, count FROM sfn_history WHERE execution = ? ORDER BY first_id DESC LIMIT 1", id)
        let lifecycle = ExecutionLifecycle(
            record.facts(revision.definition, roleArn: revision.roleArn, isExpress: false), moment,
            threads: threads, outputs: try outputs(id, db),
            lastEventId: last.map { $0["first_id"] + $0["count"] - 1 } ?? 0, redriveCount: record.redriveCount,
            redriveMs: record.redriveMs, end: record.end)
        return (Live(record, revision, lifecycle), recorded)
    }

    /// What has been recorded for the threads of an execution that is in memory.
    static func recorded(_ id: Int64, _ db: Database) throws -> Recorded {
        var recorded = Recorded()
        let rows = try db.rows("SELECT id, work, answer FROM sfn_thread WHERE execution = ? AND work > 0", id)
        for row in rows {
            if let text = row["answer"] as String?, let outcome = TaskOutcome(tree: try JSON.parse(text)) {
                recorded.answers.append((row["id"], outcome))
            }
            if row["work"] as Int == ThreadWork.childEnded { recorded.wakes.append(row["id"]) }
        }
        return recorded
    }

    private static func outputs(
        _ id: Int64, _ db: Database
    ) throws -> [(thread: Int, index: Int, output: JSON)] {
        var outputs: [(thread: Int, index: Int, output: JSON)] = []
        for row in try db.rows("SELECT thread, outputs FROM sfn_output WHERE execution = ?", id) {
            for pair in try JSON.parse(row["outputs"] as String).array ?? [] {
                guard let index = pair[0]?.int, let output = pair[1] else { continue }
                outputs.append((row["thread"], index, output))
            }
        }
        return outputs
    }
}

extension ExecutionRecord {
    /// nil while it runs.
    var end: ExecutionEnd? {
        ExecutionEnd.Status(rawValue: status).map { status in
            let value = output.flatMap { text in (try? JSON.parse(text)).map { Payload($0, text: text) } }
            return ExecutionEnd(status: status, output: value, error: error, cause: cause)
        }
    }
}

/// Values of `sfn_thread.work`; 0 to 2 are ``ExecutionThread/work``.
enum ThreadWork {
    static let childEnded = 3
}
