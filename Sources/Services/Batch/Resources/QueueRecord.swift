import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A job queue. `settings` holds the order of its environments and its limits of time.
struct QueueRecord: Sendable {
    let id: Int64
    let account: String
    let region: String
    let name: String
    var state: String
    var priority: Int
    /// The ARN of its scheduling policy.
    var policy: String?
    var settings: JSON
    var tags: JSON

    init(_ row: Row) {
        id = row["id"]
        account = row["account"]
        region = row["region"]
        name = row["name"]
        state = row["state"]
        priority = row["priority"]
        policy = row["policy"]
        settings = JSON.stored(row["settings"])
        tags = JSON.stored(row["tags"])
    }

    var arn: String { ResourceKind.queue.arn(name, account: account, region: region) }

    /// As DescribeJobQueues shows it.
    var detail: JSON {
        var result: JSON = [
            "jobQueueName": .string(name), "jobQueueArn": .string(arn), "state": .string(state), "status": "VALID",
            "statusReason": "JobQueue Healthy", "priority": .number(priority), "tags": tags,
        ]
        result["schedulingPolicyArn"] = policy.map(JSON.string)
        for (name, value) in settings.object ?? [:] { result[name] = value }
        return result
    }

    /// The ARNs of its environments in their order.
    var environments: [String] {
        (settings["computeEnvironmentOrder"]?.array ?? [])
            .sorted { ($0["order"]?.int ?? 0) < ($1["order"]?.int ?? 0) }
            .compactMap { $0["computeEnvironment"]?.string }
    }

    static func find(_ text: String, _ context: Context, _ db: Database) throws -> QueueRecord? {
        try db.row(
            "SELECT * FROM batch_queue WHERE account = ? AND region = ? AND name = ?", context.account,
            context.region, ResourceKind.queue.name(text)
        ).map(QueueRecord.init)
    }

    func scheduled(_ db: Database) throws -> Schedule.Queue {
        let ids = try environments.compactMap { arn in
            try db.row(
                "SELECT id FROM batch_environment WHERE account = ? AND region = ? AND name = ?", account, region,
                ResourceKind.environment.name(arn))?["id"] as Int64?
        }
        let fairShare = try policy.flatMap { arn in
            try db.row(
                "SELECT settings FROM batch_policy WHERE account = ? AND region = ? AND name = ?", account, region,
                ResourceKind.policy.name(arn)
            ).map { FairShare(JSON.stored($0["settings"])["fairsharePolicy"]) }
        }
        return Schedule.Queue(priority: priority, environments: ids, policy: fairShare)
    }
}

extension Batch {
    /// To be called in every transaction that changes a queue; nil when it goes.
    func changed(_ queue: QueueRecord?, id: Int64, _ transaction: Transaction) throws {
        let scheduled = try queue?.scheduled(transaction.db)
        transaction.afterCommit { [weak self] in self?.apply(queue, scheduled, id: id) }
    }

    private func apply(_ queue: QueueRecord?, _ scheduled: Schedule.Queue?, id: Int64) {
        names.set(queue: queue?.name, id)
        timeLimits.set(queue?.settings, queue: id)
        dispatcher.configure { $0.set(scheduled, id: id) }
        if queue != nil { runs.engine.prepare() }
    }

    /// All resources, at the start.
    func loadResources(_ db: Database) throws {
        for environment in try db.rows("SELECT * FROM batch_environment").map(EnvironmentRecord.init) {
            apply(environment, id: environment.id)
        }
        for queue in try db.rows("SELECT * FROM batch_queue").map(QueueRecord.init) {
            apply(queue, try queue.scheduled(db), id: queue.id)
        }
        for resource in try db.rows("SELECT * FROM batch_consumable").map(ConsumableRecord.init) {
            dispatcher.configure {
                $0.set(consumable: resource.id, total: resource.total, isReplenishable: resource.isReplenishable)
            }
        }
    }
}
