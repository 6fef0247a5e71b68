import AWSModel
import AWSWire
import JSON

/// Which operation an optimised integration calls, and how its results and errors look.
struct OptimizedCall: Sendable {
    let service: String
    let operation: String
    let style: FailureStyle
    let metadata: @Sendable (_ wire: JSON) -> ResponseMetadata.Form

    static func find(_ resourceType: String, _ action: String) -> OptimizedCall? {
        guard let client = clients[resourceType] else { return nil }
        let operation = operations["\(resourceType):\(action)"] ?? JavaName.capitalized(action)
        let version = ServiceModel.named(client.service)?.jsonVersion ?? "1.1"
        let metadata: @Sendable (JSON) -> ResponseMetadata.Form =
            switch resourceType {
            case "lambda": { .lambda(version: $0["ExecutedVersion"]?.string ?? "$LATEST") }
            case "dynamodb": { _ in .dynamodb }
            case "sns": { _ in .sns }
            default: { _ in .json(version: version) }
            }
        return OptimizedCall(service: client.service, operation: operation, style: client.style, metadata: metadata)
    }

    private struct Client: Sendable {
        let service: String
        let style: FailureStyle

        init(_ service: String, _ prefix: String, _ client: String, base: String? = nil) {
            self.service = service
            style = .optimized(prefix: prefix, client: client, base: base ?? "\(client)Exception")
        }

        init(lambda service: String) {
            self.service = service
            style = .lambda
        }
    }

    /// By resource type. Assumed: the names of clients that no recording shows.
    private static let clients: [String: Client] = [
        "lambda": Client(lambda: "lambda"),
        "sqs": Client("sqs", "SQS", "AmazonSQS"),
        "sns": Client("sns", "SNS", "AmazonSNS"),
        "dynamodb": Client("dynamodb", "DynamoDB", "AmazonDynamoDBv2", base: "AmazonDynamoDBException"),
        "events": Client("events", "EventBridge", "AmazonEventBridge"),
        "states": Client("stepfunctions", "StepFunctions", "AWSStepFunctions"),
        "batch": Client("batch", "Batch", "AWSBatch"),
        "glue": Client("glue", "Glue", "AWSGlue"),
        "databrew": Client("databrew", "DataBrew", "AWSGlueDataBrew"),
        "ecs": Client("ecs", "ECS", "AmazonECS"),
        "eks": Client("eks", "EKS", "AmazonEKS"),
        "athena": Client("athena", "Athena", "AmazonAthena"),
        "bedrock": Client("bedrock", "Bedrock", "AmazonBedrock"),
        "codebuild": Client("codebuild", "CodeBuild", "AWSCodeBuild"),
        "elasticmapreduce": Client("emr", "ElasticMapReduce", "AmazonElasticMapReduce"),
        "emr-serverless": Client("emr-serverless", "EMRServerless", "AWSEMRServerless"),
        "emr-containers": Client("emr-containers", "EMRContainers", "AmazonEMRContainers"),
        "mediaconvert": Client("mediaconvert", "MediaConvert", "AWSMediaConvert"),
        "sagemaker": Client("sagemaker", "SageMaker", "AmazonSageMaker"),
    ]

    /// Where the action is not the operation's name.
    private static let operations = [
        "elasticmapreduce:createCluster": "RunJobFlow", "elasticmapreduce:terminateCluster": "TerminateJobFlows",
        "elasticmapreduce:addStep": "AddJobFlowSteps", "elasticmapreduce:cancelStep": "CancelSteps",
        "elasticmapreduce:setClusterTerminationProtection": "SetTerminationProtection",
        "elasticmapreduce:modifyInstanceFleetByName": "ModifyInstanceFleet",
        "elasticmapreduce:modifyInstanceGroupByName": "ModifyInstanceGroups",
    ]
}
