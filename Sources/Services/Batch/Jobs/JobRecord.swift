import AWSWire
import BatonStore
import GRDB
import JSON

/// One row of jobs, without what was submitted.
struct JobRecord: Sendable {
    let seq: Int64
    /// The id that clients know: `<uuid>`, `<uuid>:<index>` for children of arrays, `<uuid>#<index>` for nodes.
    let id: String
    let account: String
    let region: String
    let queueId: Int64
    let kind: JobKind
    let parent: Int64?
    let childIndex: Int?
    let name: String
    /// `name:revision`
    let definition: String
    var status: JobStatus
    let needs: Needs
    let priority: Int
    let share: String?
    var openDependencies: Int
    var openChildren: Int
    var failedChildren: Int
    var attempt: Int
    /// A JSON array of AWS's AttemptDetail.
    var attempts: String
    /// The folder of the present attempt.
    var launch: String?
    var logStream: String?
    var exitCode: Int?
    var exitReason: String?
    var reason: String?
    var isCancelled: Bool
    var isTerminated: Bool
    var stopReason: String?
    let createdMs: Int64
    var runnableMs: Int64?
    var startedMs: Int64?
    var stoppedMs: Int64?
    var environmentId: Int64?

    /// The columns of the table in their order: reading by position saves the comparison of names, which for this many
    /// columns is most of the work.
    private enum Column: Int {
        case seq, id, account, region, queueId, kind, parent, childIndex, name, definition, status, spec, vcpus, memory
        case gpus, priority, share, needs, openDependencies, openChildren, failedChildren, environmentId, attempt
        case attempts, launch, logStream, exitCode, exitReason, reason, cancelled, terminated, stopReason, tags
        case createdMs, runnableMs, startedMs, stoppedMs
    }

    /// - Parameter row: all columns, as `SELECT *` and `RETURNING *` give them.
    init(_ row: Row) {
        func value<T: DatabaseValueConvertible>(_ column: Column) -> T { row[column.rawValue] }
        func some<T: DatabaseValueConvertible>(_ column: Column) -> T? { row[column.rawValue] }
        seq = value(.seq)
        id = value(.id)
        account = value(.account)
        region = value(.region)
        queueId = value(.queueId)
        kind = JobKind(rawValue: value(.kind)) ?? .single
        parent = some(.parent)
        childIndex = some(.childIndex)
        name = value(.name)
        definition = value(.definition)
        status = JobStatus(rawValue: value(.status)) ?? .failed
        needs = Needs(
            vcpus: value(.vcpus), memory: value(.memory), gpus: value(.gpus),
            consumables: Needs.consumables(some(.needs)))
        priority = value(.priority)
        share = some(.share)
        openDependencies = value(.openDependencies)
        openChildren = value(.openChildren)
        failedChildren = value(.failedChildren)
        attempt = value(.attempt)
        attempts = value(.attempts)
        launch = some(.launch)
        logStream = some(.logStream)
        exitCode = some(.exitCode)
        exitReason = some(.exitReason)
        reason = some(.reason)
        isCancelled = value(.cancelled)
        isTerminated = value(.terminated)
        stopReason = some(.stopReason)
        createdMs = value(.createdMs)
        runnableMs = some(.runnableMs)
        startedMs = some(.startedMs)
        stoppedMs = some(.stoppedMs)
        environmentId = some(.environmentId)
    }

    var arn: String { ARN(service: "batch", region: region, account: account, resource: "job/\(id)").description }

    /// The id of the job that was submitted.
    var rootId: String { parent == nil ? id : String(id.prefix { $0 != ":" && $0 != "#" }) }

    /// The row that holds what was submitted.
    var root: Int64 { parent ?? seq }

    func lifecycle(_ strategy: RetryStrategy) -> JobLifecycle {
        JobLifecycle(
            status: status, strategy: strategy, attempt: attempt, reason: reason, isCancelled: isCancelled,
            isTerminated: isTerminated, stopReason: stopReason)
    }

    /// What the queues need to know of it.
    var entry: Schedule.Entry {
        Schedule.Entry(seq: seq, queue: queueId, needs: needs, priority: priority, share: share)
    }
}

/// What a job books while it runs.
struct Needs: Sendable, Hashable {
    /// Thousandths of a virtual processor.
    var vcpus = 0
    /// MiB
    var memory = 0
    var gpus = 0
    /// Consumable resources by the id of their row.
    var consumables: [Int64: Int] = [:]

    static func + (left: Needs, right: Needs) -> Needs {
        Needs(
            vcpus: left.vcpus + right.vcpus, memory: left.memory + right.memory, gpus: left.gpus + right.gpus,
            consumables: left.consumables.merging(right.consumables, uniquingKeysWith: +))
    }

    static func consumables(_ text: String?) -> [Int64: Int] {
        guard let text, let object = (try? JSON.parse(text))?.object else { return [:] }
        var result: [Int64: Int] = [:]
        for (key, value) in object {
            if let id = Int64(key), let quantity = value.int { result[id] = quantity }
        }
        return result
    }

    /// As the store holds them; nil when there are none.
    var consumablesText: String? {
        guard !consumables.isEmpty else { return nil }
        return JSON.object(
            JSON.Object(consumables.sorted { $0.key < $1.key }.map { (String($0.key), .number($0.value)) })
        )
        .text()
    }
}
