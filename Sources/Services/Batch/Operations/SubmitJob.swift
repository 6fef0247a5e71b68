import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Submits a job, an array or a multi-node job. When it returns, the job is on disk.
/// Errors: ClientException. Source: Batch API reference, SubmitJob.
enum SubmitJob: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let jobName: String
        let jobQueue: String
        let jobDefinition: String
        let shareIdentifier: String?
        let schedulingPriorityOverride: Int?
        let arrayProperties: JSON?
        let dependsOn: [JSON]?
        let parameters: [String: JSON]?
        let containerOverrides: JSON?
        let nodeOverrides: JSON?
        let retryStrategy: JSON?
        let propagateTags: Bool?
        let timeout: JSON?
        let tags: [String: JSON]?
        let eksPropertiesOverride: JSON?
        let ecsPropertiesOverride: JSON?
        let consumableResourcePropertiesOverride: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let batch = context.service(Batch.self)
        guard Naming.isValid(input.jobName) else {
            throw BatchError.executing("Job name should match valid pattern", context)
        }
        if let size = input.arrayProperties?["size"]?.int, !Limits.arraySize.contains(size) {
            throw BatchError.executing("Array size should be between 2 and 10000", context)
        }
        guard (input.dependsOn ?? []).count <= Limits.dependencies else {
            throw BatchError.executing("A job can depend on at most 20 jobs", context)
        }
        if input.dependsOn?.contains(where: { $0["jobId"] == nil && $0["type"]?.string == "SEQUENTIAL" }) ?? false,
            input.arrayProperties?["size"] == nil
        {
            throw BatchError.executing("SEQUENTIAL dependencies can only be specified for array jobs", context)
        }
        try DefinitionCheck.retries(input.retryStrategy, context)
        try DefinitionCheck.timeout(
            input.timeout, least: batch.shortestTimeoutSeconds, context)
        try DefinitionCheck.priority(input.schedulingPriorityOverride, context)
        let found = try context.read { db in
            try DefinitionRecord.find(
                input.jobDefinition, account: context.account, region: context.region, db)
        }
        guard let definition = found, definition.status == "ACTIVE" else {
            throw BatchError.executing("JobDefinition \(input.jobDefinition) not found or not ACTIVE", context)
        }
        if definition.settings["nodeProperties"] != nil, input.arrayProperties?["size"] != nil {
            throw BatchError.executing("Multi-node jobs cannot be array jobs", context)
        }
        let submission = try Submission(input, definition, context)
        return { transaction in try submission.insert(context, batch, transaction) }
    }
}
