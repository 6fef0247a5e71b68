import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Changes a job queue. A DISABLED one takes no more jobs; those in it go on.
/// Errors: ClientException. Source: Batch API reference, UpdateJobQueue.
enum UpdateJobQueue: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let jobQueue: String
        let state: String?
        let schedulingPolicyArn: String?
        let priority: Int?
        let computeEnvironmentOrder: [JSON]?
        let jobStateTimeLimitActions: [JSON]?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let batch = context.service(Batch.self)
        try QueueCheck.limits(input.jobStateTimeLimitActions ?? [], context)
        return { transaction in
            guard var record = try QueueRecord.find(input.jobQueue, context, transaction.db) else {
                throw BatchError.missing(input.jobQueue)
            }
            record.state = input.state ?? record.state
            record.priority = input.priority ?? record.priority
            if let policy = input.schedulingPolicyArn {
                guard record.policy != nil || policy.isEmpty else {
                    throw BatchError.client(
                        "A scheduling policy cannot be added to a job queue that was created without")
                }
                try QueueCheck.policy(policy, context, transaction.db)
                record.policy = policy
            }
            if let order = input.computeEnvironmentOrder {
                record.settings["computeEnvironmentOrder"] = .array(
                    try QueueCheck.order(order, context, transaction.db))
            }
            if let limits = input.jobStateTimeLimitActions {
                record.settings["jobStateTimeLimitActions"] = .array(limits)
            }
            try transaction.execute(
                "UPDATE batch_queue SET state = ?, priority = ?, policy = ?, settings = ? WHERE id = ?", record.state,
                record.priority, record.policy, record.settings.text(), record.id)
            try batch.changed(record, id: record.id, transaction)
            return ["jobQueueName": .string(record.name), "jobQueueArn": .string(record.arn)]
        }
    }
}
