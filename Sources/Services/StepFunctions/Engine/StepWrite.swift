import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

import struct Foundation.Data

/// One step as it is committed: everything is made before the transaction, which holds SQL only.
struct StepWrite: Sendable {
    let execution: Int64
    let account: String
    let region: String
    let arn: String
    /// Of a child of a distributed Map state: its outcome goes to the map run.
    var mapRun: Int64?
    var item: Int?
    /// The first step of a child of a map run, and the name of its execution.
    var isFirst = false
    var name = ""
    var firstEvent = 0
    var lastEvent = 0
    var eventCount = 0
    /// A JSON array.
    var events: [UInt8] = []
    /// The log that the machine writes, and what is to go into it.
    var log: ExecutionLog?
    var logged: [HistoryEvent] = []
    var redriveCount = 0
    var threads: [Thread] = []
    var removed: [Int] = []
    var outputs: [(thread: Int, text: String)] = []
    var settled: [Int] = []
    var timers: [Timer] = []
    var end: ExecutionEnd?
    /// Writes of local services that are the attempts of threads.
    var attempts: [Attempt] = []
    var activities: [ActivityTask] = []
    /// Tokens of activity tasks that no worker is to get any more.
    var revoked: [String] = []
    /// Nested executions that threads wait for.
    var children: [(thread: Int, epoch: Int, arn: String)] = []
    var cancellations: [String] = []
    var mapRuns: [MapRunDraft] = []
    var mapRunOrders: [MapRunOrder] = []

    init(execution: Int64, account: String, region: String, arn: String) {
        self.execution = execution
        self.account = account
        self.region = region
        self.arn = arn
    }

    struct Thread: Sendable {
        let id: Int
        let work: Int
        let text: String
    }

    /// Sets a timer, or with a nil time only cancels what there was.
    struct Timer: Sendable {
        let thread: Int
        let epoch: Int
        let atMs: Int64?
    }

    struct Attempt: Sendable {
        let thread: Int
        let write: Write<Enlisted>
        let answer: @Sendable (Swift.Result<JSON, AWSError>) -> TaskAnswer
    }

    struct ActivityTask: Sendable {
        let arn: String
        let thread: Int
        let epoch: Int
        let token: String
        let input: String
    }

    /// What the transaction has found out.
    struct Result: Sendable {
        var answers: [(thread: Int, outcome: TaskOutcome)] = []
        /// Threads whose nested execution had already ended.
        var wakes: [Int] = []
        /// Threads of other executions that waited for the end of this one.
        var parents: [Int64] = []
        /// New map runs, by the thread that asked for them.
        var mapRuns: [Int64] = []
    }

    static let timerKind = "sfn.timer"
    static let cancelKind = "sfn.cancel"

    func timerKey(_ thread: Int) -> String { "\(execution).\(thread)" }

    func commit(_ tx: Transaction) throws -> Result {
        var result = Result()
        if isFirst, let mapRun, let item {
            try MapRunItem.begin(mapRun, item, execution: execution, name: name, tx)
        }
        if eventCount > 0 {
            try tx.execute(
                "INSERT INTO sfn_history (execution, first_id, count, events) VALUES (?, ?, ?, ?)", execution,
                firstEvent, eventCount, Data(events))
        }
        try log?.append(logged, redriveCount: redriveCount, tx)
        result.answers = try makeAttempts(tx)
        let answers = Dictionary(result.answers.map { ($0.thread, $0.outcome) }) { $1 }
        for thread in threads {
            let answer = answers[thread.id]?.tree.text()
            try tx.execute(
                "INSERT OR REPLACE INTO sfn_thread (execution, id, work, state, answer) VALUES (?, ?, ?, ?, ?)",
                execution, thread.id, answer == nil ? thread.work : 1, thread.text, answer)
        }
        for id in removed {
            try tx.execute("DELETE FROM sfn_thread WHERE execution = ? AND id = ?", execution, id)
        }
        for (thread, text) in outputs {
            try tx.execute(
                "INSERT INTO sfn_output (execution, thread, after_id, outputs) VALUES (?, ?, ?, ?)", execution, thread,
                lastEvent, text)
        }
        for id in settled {
            try tx.execute("DELETE FROM sfn_output WHERE execution = ? AND thread = ?", execution, id)
        }
        for timer in timers { try set(timer, tx) }
        for task in activities {
            try tx.execute(
                """
                INSERT OR REPLACE INTO sfn_activity_task (activity_arn, execution, thread, epoch, token, input)
                VALUES (?, ?, ?, ?, ?, ?)
                """, task.arn, execution, task.thread, task.epoch, task.token, task.input)
        }
        for payload in cancellations {
            try tx.schedule(
                Self.cancelKind, atMs: tx.nowMs, account: account, region: region, key: timerKey(0), payload: payload)
        }
        result.wakes = try wait(for: children, tx)
        for draft in mapRuns { result.mapRuns.append(try draft.insert(execution, tx)) }
        for token in revoked { try tx.execute("DELETE FROM sfn_activity_task WHERE token = ?", token) }
        for order in mapRunOrders { if let id = try order.commit(tx) { result.mapRuns.append(id) } }
        if let end { result.parents = try close(end, tx) }
        return result
    }

    /// The writes that are attempts: each rolls back alone.
    private func makeAttempts(_ tx: Transaction) throws -> [(thread: Int, outcome: TaskOutcome)] {
        try attempts.map { attempt in
            let outcome: Swift.Result<JSON, AWSError>
            do {
                outcome = .success(try tx.nested { try attempt.write($0) }.output())
            } catch let error as AWSError {
                outcome = .failure(error)
            }
            return (attempt.thread, TaskOutcome(attempt.answer(outcome)))
        }
    }

    private func set(_ timer: Timer, _ tx: Transaction) throws {
        let key = timerKey(timer.thread)
        try tx.cancelDue(kind: Self.timerKind, key: key)
        guard let atMs = timer.atMs else { return }
        try tx.schedule(
            Self.timerKind, atMs: atMs, account: account, region: region, key: key, payload: String(timer.epoch))
    }

    /// - Returns: the threads whose nested execution has ended already.
    private func wait(
        for children: [(thread: Int, epoch: Int, arn: String)], _ tx: Transaction
    ) throws -> [Int] {
        var ended: [Int] = []
        for child in children {
            let row = try tx.row("SELECT status FROM sfn_execution WHERE arn = ?", child.arn)
            if let status = row?["status"] as String?, status != ExecutionRecord.running {
                try tx.execute(
                    "UPDATE sfn_thread SET work = ? WHERE execution = ? AND id = ?", ThreadWork.childEnded, execution,
                    child.thread)
                ended.append(child.thread)
            } else {
                try tx.execute(
                    "INSERT OR REPLACE INTO sfn_waiter (child_arn, execution, thread, epoch) VALUES (?, ?, ?, ?)",
                    child.arn, execution, child.thread, child.epoch)
            }
        }
        return ended
    }

    /// Tells those who wait for the end of this execution.
    private func close(_ end: ExecutionEnd, _ tx: Transaction) throws -> [Int64] {
        if let mapRun, let item { try MapRunItem.close(mapRun, item, end, tx) }
        let waiters = try tx.rows("SELECT execution, thread FROM sfn_waiter WHERE child_arn = ?", arn)
        guard !waiters.isEmpty else { return [] }
        for waiter in waiters {
            try tx.execute(
                "UPDATE sfn_thread SET work = ? WHERE execution = ? AND id = ?", ThreadWork.childEnded,
                waiter["execution"] as Int64, waiter["thread"] as Int)
        }
        try tx.execute("DELETE FROM sfn_waiter WHERE child_arn = ?", arn)
        return waiters.map { $0["execution"] }
    }
}
