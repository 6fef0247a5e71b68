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

    init(_ row: Row) {
        seq = row["seq"]
        id = row["id"]
        account = row["account"]
        region = row["region"]
        queueId = row["queue_id"]
        kind = JobKind(rawValue: row["kind"]) ?? .single
        parent = row["parent"]
        childIndex = row["child_index"]
        name = row["name"]
        definition = row["definition"]
        status = JobStatus(rawValue: row["status"]) ?? .failed
        needs = Needs(
            vcpus: row["vcpus"], memory: row["memory"], gpus: row["gpus"],
            consumables: Needs.consumables(row["needs"] as String?))
        priority = row["priority"]
        share = row["share"]
        openDependencies = row["open_dependencies"]
        openChildren = row["open_children"]
        failedChildren = row["failed_children"]
        attempt = row["attempt"]
        attempts = row["attempts"]
        launch = row["launch"]
        logStream = row["log_stream"]
        exitCode = row["exit_code"]
        exitReason = row["exit_reason"]
        reason = row["reason"]
        isCancelled = row["cancelled"]
        isTerminated = row["terminated"]
        stopReason = row["stop_reason"]
        createdMs = row["created_ms"]
        runnableMs = row["runnable_ms"]
        startedMs = row["started_ms"]
        stoppedMs = row["stopped_ms"]
        environmentId = row["environment_id"]
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
struct Needs: Sendable, Equatable {
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
        return JSON.object(JSON.Object(consumables.sorted { $0.key < $1.key }.map { (String($0.key), .number($0.value)) }))
            .text()
    }
}
