import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Creates a compute environment: what its jobs may book of this machine. It is VALID at once.
/// Errors: ClientException. Source: Batch API reference, CreateComputeEnvironment.
enum CreateComputeEnvironment: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let computeEnvironmentName: String
        let type: String
        let state: String?
        let unmanagedvCpus: Int?
        let computeResources: JSON?
        let serviceRole: String?
        let tags: JSON?
        let eksConfiguration: JSON?
        let context: String?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let name = input.computeEnvironmentName
        guard Naming.isValid(name) else {
            throw BatchError.executing("computeEnvironmentName should match valid pattern", context)
        }
        if input.type == "MANAGED" {
            guard let resources = input.computeResources else {
                throw BatchError.executing(
                    "computeResources must be provided for a MANAGED compute environment", context)
            }
            try check(resources, context)
            guard input.unmanagedvCpus == nil else {
                throw BatchError.executing(
                    "unmanagedvCpus can only be specified for an UNMANAGED compute environment", context)
            }
        }
        let batch = context.service(Batch.self)
        let uuid = context.random.uuid()
        let cluster = context.arn("ecs", "cluster/AWSBatch-\(name)-\(uuid)").description
        let settings = JSON.members([
            ("computeResources", input.computeResources.map(filled)), ("serviceRole", .string(input.serviceRole ?? "")),
            ("unmanagedvCpus", input.unmanagedvCpus.map(JSON.number)), ("eksConfiguration", input.eksConfiguration),
            ("context", input.context.map(JSON.string)), ("uuid", .string(uuid)),
            ("ecsClusterArn", input.eksConfiguration == nil ? .string(cluster) : nil),
            ("containerOrchestrationType", .string(input.eksConfiguration == nil ? "ECS" : "EKS")),
        ])
        let (text, tags) = (settings.text(), (input.tags ?? [:]).text())
        return { transaction in
            guard try EnvironmentRecord.find(name, context, transaction.db) == nil else {
                throw BatchError.alreadyExists
            }
            let row = try transaction.row(
                """
                INSERT INTO batch_environment (account, region, name, state, type, settings, tags)
                VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *
                """, context.account, context.region, name, input.state ?? "ENABLED", input.type, text, tags)
            if let record = row.map(EnvironmentRecord.init) { batch.changed(record, id: record.id, transaction) }
            return [
                "computeEnvironmentName": .string(name),
                "computeEnvironmentArn": .string(ResourceKind.environment.arn(name, context)),
            ]
        }
    }

    static func check(_ resources: JSON, _ context: Context) throws(AWSError) {
        let most = resources["maxvCpus"]?.int ?? 0
        let least = resources["minvCpus"]?.int ?? 0
        let wanted = resources["desiredvCpus"]?.int ?? least
        guard most >= 1, least >= 0 else {
            throw BatchError.executing("maxvCpus must be greater than or equal to 1", context)
        }
        guard least <= most else {
            throw BatchError.executing("minvCpus must be less than or equal to maxvCpus", context)
        }
        guard (least...most).contains(wanted) else {
            throw BatchError.executing("desiredvCpus must be between minvCpus and maxvCpus", context)
        }
        if let type = resources["type"]?.string, type.hasPrefix("FARGATE"), resources["instanceTypes"] != nil {
            throw BatchError.executing("instanceTypes must not be specified for Fargate compute environments", context)
        }
    }

    private static func filled(_ resources: JSON) -> JSON {
        var result = resources
        guard !(resources["type"]?.string?.hasPrefix("FARGATE") ?? false) else { return result }
        if result["minvCpus"] == nil { result["minvCpus"] = 0 }
        if result["desiredvCpus"] == nil { result["desiredvCpus"] = result["minvCpus"] }
        return result
    }
}
