import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Registers a job definition, or the next revision of one.
/// Errors: ClientException. Source: Batch API reference, RegisterJobDefinition.
enum RegisterJobDefinition: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let jobDefinitionName: String
        let type: String
        let parameters: JSON?
        let schedulingPriority: Int?
        let containerProperties: JSON?
        let nodeProperties: JSON?
        let retryStrategy: JSON?
        let propagateTags: Bool?
        let timeout: JSON?
        let tags: JSON?
        let platformCapabilities: JSON?
        let eksProperties: JSON?
        let ecsProperties: JSON?
        let consumableResourceProperties: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        guard Naming.isValid(input.jobDefinitionName) else {
            throw BatchError.executing("Job definition name should match valid pattern", context)
        }
        let settings = settings(input)
        if input.type == "multinode" {
            guard let nodes = input.nodeProperties else {
                throw BatchError.executing("Node properties must be provided for multinode job definitions", context)
            }
            try DefinitionCheck.nodes(nodes, context)
        } else {
            guard input.nodeProperties == nil else {
                throw BatchError.executing(
                    "Node properties can only be provided for multinode job definitions", context)
            }
            try DefinitionCheck.properties(settings, context)
        }
        try DefinitionCheck.retries(input.retryStrategy, context)
        let least = context.service(Batch.self).shortestTimeoutSeconds
        try DefinitionCheck.timeout(input.timeout, least: least, context)
        try DefinitionCheck.priority(input.schedulingPriority, context)
        let (name, text, tags) = (input.jobDefinitionName, settings.text(), (input.tags ?? [:]).text())
        return { transaction in
            let row = try transaction.row(
                """
                INSERT INTO batch_definition (account, region, name, revision, status, settings, tags)
                SELECT ?1, ?2, ?3, coalesce(max(revision), 0) + 1, 'ACTIVE', ?4, ?5 FROM batch_definition
                WHERE account = ?1 AND region = ?2 AND name = ?3 RETURNING revision
                """, context.account, context.region, name, text, tags)
            let revision = row?["revision"] as Int? ?? 1
            return [
                "jobDefinitionName": .string(name), "revision": .number(revision),
                "jobDefinitionArn": .string(ResourceKind.definition.arn("\(name):\(revision)", context)),
            ]
        }
    }

    /// With the empty lists that AWS shows where none were given.
    private static func settings(_ input: Input) -> JSON {
        JSON.members([
            ("type", .string(input.type)), ("parameters", input.parameters ?? [:]),
            ("schedulingPriority", input.schedulingPriority.map(JSON.number)),
            ("containerProperties", input.containerProperties.map(filled)),
            ("nodeProperties", input.nodeProperties), ("retryStrategy", input.retryStrategy),
            ("propagateTags", input.propagateTags.map(JSON.bool)), ("timeout", input.timeout),
            ("platformCapabilities", input.platformCapabilities), ("eksProperties", input.eksProperties),
            ("ecsProperties", input.ecsProperties),
            ("consumableResourceProperties", input.consumableResourceProperties),
            ("containerOrchestrationType", .string(input.eksProperties == nil ? "ECS" : "EKS")),
        ])
    }

    private static func filled(_ container: JSON) -> JSON {
        var result = container
        for list in [
            "command", "environment", "mountPoints", "resourceRequirements", "secrets", "ulimits", "volumes",
        ] where result[list] == nil { result[list] = [] }
        return result
    }
}
