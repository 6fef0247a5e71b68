import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Creates a job queue on up to three compute environments. It is VALID at once.
/// Errors: ClientException. Source: Batch API reference, CreateJobQueue.
enum CreateJobQueue: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let jobQueueName: String
        let state: String?
        let schedulingPolicyArn: String?
        let priority: Int
        let computeEnvironmentOrder: [JSON]?
        let serviceEnvironmentOrder: [JSON]?
        let jobQueueType: String?
        let tags: JSON?
        let jobStateTimeLimitActions: [JSON]?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let name = input.jobQueueName
        guard Naming.isValid(name) else {
            throw BatchError.executing("jobQueueName should match valid pattern", context)
        }
        guard input.serviceEnvironmentOrder?.isEmpty ?? true, input.jobQueueType != "SAGEMAKER_TRAINING" else {
            throw BatchError.elsewhere("queues of service jobs")
        }
        guard input.priority >= 0 else { throw BatchError.executing("Priority must not be negative", context) }
        let limits = input.jobStateTimeLimitActions ?? []
        try QueueCheck.limits(limits, context)
        let batch = context.service(Batch.self)
        let tags = (input.tags ?? [:]).text()
        return { transaction in
            guard try QueueRecord.find(name, context, transaction.db) == nil else { throw BatchError.alreadyExists }
            let order = try QueueCheck.order(input.computeEnvironmentOrder ?? [], context, transaction.db)
            if let policy = input.schedulingPolicyArn { try QueueCheck.policy(policy, context, transaction.db) }
            let settings = JSON.members([
                ("computeEnvironmentOrder", .array(order)), ("jobQueueType", input.jobQueueType.map(JSON.string)),
                ("jobStateTimeLimitActions", .array(limits)), ("serviceEnvironmentOrder", []),
            ])
            let row = try transaction.row(
                """
                INSERT INTO batch_queue (account, region, name, state, priority, policy, settings, tags)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *
                """, context.account, context.region, name, input.state ?? "ENABLED", input.priority,
                input.schedulingPolicyArn, settings.text(), tags)
            if let record = row.map(QueueRecord.init) { try batch.changed(record, id: record.id, transaction) }
            return ["jobQueueName": .string(name), "jobQueueArn": .string(ResourceKind.queue.arn(name, context))]
        }
    }
}

/// What the settings of a queue must satisfy.
enum QueueCheck {
    /// The environments with their ARNs.
    static func order(_ order: [JSON], _ context: Context, _ db: Database) throws -> [JSON] {
        guard !order.isEmpty else {
            throw BatchError.executing("computeEnvironmentOrder must have at least one compute environment", context)
        }
        guard order.count <= Limits.environmentsInQueue else {
            throw BatchError.executing("A job queue can have at most 3 compute environments", context)
        }
        let numbers = order.compactMap { $0["order"]?.int }
        guard Set(numbers).count == order.count else {
            throw BatchError.executing("Each compute environment of a job queue must have an order of its own", context)
        }
        return try order.sorted { ($0["order"]?.int ?? 0) < ($1["order"]?.int ?? 0) }.map { element in
            let name = element["computeEnvironment"]?.string ?? ""
            guard let record = try EnvironmentRecord.find(name, context, db) else { throw BatchError.missing(name) }
            return ["order": element["order"] ?? 0, "computeEnvironment": .string(record.arn)]
        }
    }

    static func policy(_ arn: String, _ context: Context, _ db: Database) throws {
        guard try PolicyRecord.find(arn, context, db) != nil else { throw BatchError.missing(arn) }
    }

    static func limits(_ limits: [JSON], _ context: Context) throws(AWSError) {
        for limit in limits {
            guard (600...86_400).contains(limit["maxTimeSeconds"]?.int ?? 0) else {
                throw BatchError.executing("maxTimeSeconds must be between 600 and 86400", context)
            }
        }
    }
}
