import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// One job on its way into the store: everything that needs no transaction is done here.
struct Submission: Sendable {
    struct Dependency: Sendable {
        let jobId: String?
        let type: String?

        /// The children of this very array run one after the other. With a job's id the type says nothing more than
        /// none does: wait for that job.
        var isOwnSequence: Bool { type == "SEQUENTIAL" && jobId == nil }
    }

    let uuid: String
    let name: String
    let queue: String
    let definition: DefinitionRecord
    let spec: JSON
    let arraySize: Int?
    let nodeNeeds: [Needs]
    let needs: Needs
    let consumables: [(name: String, quantity: Int)]
    let dependencies: [Dependency]
    let priority: Int
    let share: String?

    init(_ input: SubmitJob.Input, _ definition: DefinitionRecord, _ context: Context) throws(AWSError) {
        uuid = context.random.uuid()
        name = input.jobName
        queue = input.jobQueue
        self.definition = definition
        share = input.shareIdentifier
        arraySize = input.arrayProperties?["size"]?.int
        dependencies = (input.dependsOn ?? []).map { Dependency(jobId: $0["jobId"]?.string, type: $0["type"]?.string) }
        let settings = definition.settings
        priority = input.schedulingPriorityOverride ?? settings["schedulingPriority"]?.int ?? 0
        var spec = try Self.properties(input, settings, context)
        for key in ["platformCapabilities"] { spec[key] = settings[key] }
        var parameters = settings["parameters"]?.object ?? [:]
        for (name, value) in (input.parameters ?? [:]).sorted(by: { $0.key < $1.key }) { parameters[name] = value }
        spec["parameters"] = .object(parameters)
        spec["retryStrategy"] = Self.strategy(settings["retryStrategy"], input.retryStrategy)
        spec["timeout"] = input.timeout ?? settings["timeout"]
        spec["dependsOn"] = .array(input.dependsOn ?? [])
        spec["propagateTags"] = .bool(input.propagateTags ?? settings["propagateTags"]?.bool ?? false)
        spec["tags"] = .object(JSON.Object((input.tags ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
        spec["schedulingPriority"] = .number(priority)
        spec["arraySize"] = arraySize.map(JSON.number)
        let resources =
            input.consumableResourcePropertiesOverride ?? settings["consumableResourceProperties"]
        spec["consumableResourceProperties"] = resources
        consumables = (resources?["consumableResourceList"]?.array ?? []).map {
            ($0["consumableResource"]?.string ?? "", $0["quantity"]?.int ?? 1)
        }
        let job = JobSpec(spec)
        if let count = job.numNodes {
            nodeNeeds = (0..<count).map { Resources.sum(job.containers(node: $0)) }
            needs = nodeNeeds.reduce(Needs(), +)
        } else {
            nodeNeeds = []
            needs = Resources.sum(job.containers(node: nil))
        }
        self.spec = spec
    }

    private static func properties(
        _ input: SubmitJob.Input, _ settings: JSON, _ context: Context
    ) throws(AWSError) -> JSON {
        var spec: JSON = [:]
        if let nodes = settings["nodeProperties"] {
            spec["nodeProperties"] = try Overrides.nodes(nodes, input.nodeOverrides, context)
        } else if let ecs = settings["ecsProperties"] {
            spec["ecsProperties"] = Overrides.ecs(ecs, input.ecsPropertiesOverride)
        } else if let eks = settings["eksProperties"] {
            spec["eksProperties"] = Overrides.eks(eks, input.eksPropertiesOverride)
        } else {
            spec["container"] = Overrides.container(settings["containerProperties"] ?? [:], input.containerOverrides)
        }
        return spec
    }

    /// A submission's strategy takes the place of the definition's, except for conditions that it does not name.
    private static func strategy(_ base: JSON?, _ override: JSON?) -> JSON {
        var result: JSON = override ?? base ?? [:]
        if result["attempts"] == nil { result["attempts"] = base?["attempts"] ?? 1 }
        if result["evaluateOnExit"] == nil { result["evaluateOnExit"] = base?["evaluateOnExit"] ?? [] }
        return result
    }
}

extension Submission {
    /// Writes the job, its children and what they wait for.
    func insert(_ context: Context, _ batch: Batch, _ transaction: Transaction) throws -> JSON {
        guard let queue = try QueueRecord.find(queue, context, transaction.db) else {
            throw BatchError.executing("JobQueue \(self.queue) not found", context)
        }
        guard queue.state == "ENABLED" else {
            throw BatchError.executing("JobQueue \(queue.name) is not ENABLED", context)
        }
        try checkShare(queue, context)
        let sources = try sources(context, transaction)
        let booked = try needs(transaction, context)
        let kind: JobKind = arraySize != nil ? .array : nodeNeeds.isEmpty ? .single : .multinode
        let isFailed = sources.contains { $0.job.status == .failed && ($0.type != "N_TO_N" || kind != .array) }
        let open = sources.filter { !$0.job.status.isFinal }
        let waitsForAll = open.filter { $0.type != "N_TO_N" || kind != .array }
        var spec = spec
        spec["jobQueue"] = .string(queue.arn)
        let isWaiting = !waitsForAll.isEmpty || isFailed
        let status: JobStatus = isWaiting || kind == .array ? .pending : .runnable
        try transaction.execute(
            """
            INSERT INTO batch_job (id, account, region, queue_id, kind, name, definition, status, spec, vcpus, memory,
                gpus, priority, share, needs, open_dependencies, open_children, created_ms, runnable_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, uuid, context.account, context.region, queue.id, kind.rawValue, name,
            "\(definition.name):\(definition.revision)", status.rawValue, spec.text(), booked.vcpus, booked.memory,
            booked.gpus, priority, share, booked.consumablesText, waitsForAll.count, arraySize ?? nodeNeeds.count,
            transaction.nowMs, status == .runnable ? transaction.nowMs : nil)
        let seq = transaction.db.lastInsertedRowID
        for source in waitsForAll { try edge(source.job.seq, seq, transaction) }
        if let arraySize {
            try insertChildren(seq, arraySize, isGated: isWaiting, queue, booked, transaction)
            try connectChildren(seq, open.filter { $0.type == "N_TO_N" }.map(\.job), transaction)
        }
        try insertNodes(seq, queue, status, transaction)
        try JobLedger.run(transaction, batch) { ledger in
            guard let job = try ledger.record(seq) else { return }
            try JobEvents.submitted(job, transaction, batch)
            if isFailed {
                ledger.tell(seq, .dependencyFailed)
            } else if kind == .array {
                if !isWaiting { try ledger.startChildren(job) }
            } else if status == .runnable {
                try ledger.enqueueFirst(job)
            }
            try ledger.failChildren(seq, of: sources)
        }
        return [
            "jobArn": .string(ResourceKind.job.arn(uuid, context)), "jobId": .string(uuid), "jobName": .string(name),
        ]
    }

    private func checkShare(_ queue: QueueRecord, _ context: Context) throws {
        if queue.policy == nil, share != nil {
            throw BatchError.executing(
                "shareIdentifier cannot be specified for a job queue without a fair-share policy", context)
        }
        if queue.policy != nil, share == nil {
            throw BatchError.executing(
                "shareIdentifier must be specified for a job queue with a fair-share policy", context)
        }
    }

    private func needs(_ transaction: Transaction, _ context: Context) throws -> Needs {
        var result = needs
        for (name, quantity) in consumables {
            let found = try ConsumableRecord.find(
                name, account: context.account, region: context.region, transaction.db)
            guard let found else { throw BatchError.executing("Consumable resource \(name) does not exist", context) }
            result.consumables[found.id, default: 0] += quantity
        }
        return result
    }

    // MARK: Dependencies

    private typealias Source = (job: JobRecord, type: String?)

    private func sources(_ context: Context, _ transaction: Transaction) throws -> [Source] {
        var result: [Source] = []
        for dependency in dependencies where !dependency.isOwnSequence {
            guard let id = dependency.jobId else {
                throw BatchError.executing("Dependency without a jobId must be of type SEQUENTIAL", context)
            }
            let row = try transaction.row(
                "SELECT * FROM batch_job WHERE id = ? AND account = ? AND region = ?", id, context.account,
                context.region)
            guard let job = row.map(JobRecord.init) else {
                throw BatchError.executing("Job dependency \(id) does not exist", context)
            }
            if dependency.type == "N_TO_N" {
                let size = try transaction.row("SELECT count(*) AS n FROM batch_job WHERE parent = ?", job.seq)
                guard job.kind == .array, let arraySize, size?["n"] as Int? == arraySize else {
                    throw BatchError.executing(
                        "N_TO_N dependencies must be between array jobs of the same size: \(id)", context)
                }
            }
            result.append((job, dependency.type))
        }
        return result
    }

    private func edge(_ source: Int64, _ target: Int64, _ transaction: Transaction) throws {
        try transaction.execute("INSERT OR IGNORE INTO batch_edge (source, target) VALUES (?, ?)", source, target)
    }

    // MARK: Children and nodes

    /// All children in one statement.
    private func insertChildren(
        _ parent: Int64, _ size: Int, isGated: Bool, _ queue: QueueRecord, _ needs: Needs, _ transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)
            INSERT INTO batch_job (id, account, region, queue_id, kind, parent, child_index, name, definition, status,
                vcpus, memory, gpus, priority, share, needs, open_dependencies, created_ms)
            SELECT ? || ':' || n, account, region, queue_id, ?, seq, n, name, definition, ?, vcpus, memory, gpus,
                priority, share, needs, 1, created_ms
            FROM batch_job, numbers WHERE seq = ?
            """, size, uuid, JobKind.child.rawValue, JobStatus.pending.rawValue, parent)
    }

    private func connectChildren(_ parent: Int64, _ arrays: [JobRecord], _ transaction: Transaction) throws {
        for array in arrays {
            try transaction.execute(
                """
                INSERT OR IGNORE INTO batch_edge (source, target)
                SELECT source.seq, target.seq FROM batch_job AS source
                JOIN batch_job AS target ON target.parent = ? AND target.child_index = source.child_index
                WHERE source.parent = ? AND source.status < 5
                """, parent, array.seq)
        }
        if dependencies.contains(where: \.isOwnSequence) {
            try transaction.execute(
                """
                INSERT OR IGNORE INTO batch_edge (source, target)
                SELECT source.seq, target.seq FROM batch_job AS source
                JOIN batch_job AS target ON target.parent = ?1 AND target.child_index = source.child_index + 1
                WHERE source.parent = ?1
                """, parent)
        }
        guard !arrays.isEmpty || dependencies.contains(where: \.isOwnSequence) else { return }
        try transaction.execute(
            """
            UPDATE batch_job SET open_dependencies = open_dependencies + edges.n
            FROM (SELECT target, count(*) AS n FROM batch_edge WHERE target IN
                (SELECT seq FROM batch_job WHERE parent = ?1) GROUP BY target) AS edges
            WHERE batch_job.seq = edges.target
            """, parent)
    }

    private func insertNodes(
        _ parent: Int64, _ queue: QueueRecord, _ status: JobStatus, _ transaction: Transaction
    ) throws {
        for (index, needs) in nodeNeeds.enumerated() {
            try transaction.execute(
                """
                INSERT INTO batch_job (id, account, region, queue_id, kind, parent, child_index, name, definition,
                    status, vcpus, memory, gpus, priority, share, created_ms)
                SELECT ?, account, region, queue_id, ?, seq, ?, name, definition, status, ?, ?, ?, priority, share,
                    created_ms
                FROM batch_job WHERE seq = ?
                """, "\(uuid)#\(index)", JobKind.node.rawValue, index, needs.vcpus, needs.memory, needs.gpus, parent)
        }
    }
}

extension JobLedger {
    /// An array that waits for nothing.
    mutating func startChildren(_ parent: JobRecord) throws { try openGate(parent) }

    /// Children whose counterparts in another array have failed already.
    mutating func failChildren(_ parent: Int64, of sources: [(job: JobRecord, type: String?)]) throws {
        for (source, type) in sources where type == "N_TO_N" && source.kind == .array {
            let rows = try transaction.rows(
                """
                SELECT target.seq FROM batch_job AS source
                JOIN batch_job AS target ON target.parent = ? AND target.child_index = source.child_index
                WHERE source.parent = ? AND source.status = ?
                """, parent, source.seq, JobStatus.failed.rawValue)
            for row in rows { tell(row["seq"], .dependencyFailed) }
        }
    }
}
