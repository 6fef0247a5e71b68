/// An integration that Step Functions has made for one action of a service.
/// Source: Step Functions developer guide, "Integrating services".
public struct OptimizedIntegration: Sendable {
    public let resourceType: String
    public let action: String
    public let patterns: Set<TaskResource.Pattern>

    public static func find(_ resourceType: String, _ action: String) -> OptimizedIntegration? {
        all["\(resourceType):\(action)"]
    }

    private typealias Patterns = Set<TaskResource.Pattern>
    private static let call: Patterns = [.requestResponse]
    private static let token: Patterns = [.requestResponse, .waitForTaskToken]
    private static let job: Patterns = [.requestResponse, .sync]
    private static let jobOrToken: Patterns = [.requestResponse, .sync, .waitForTaskToken]

    private static let all: [String: OptimizedIntegration] = {
        let table: [(String, [String], Patterns)] = [
            ("lambda", ["invoke"], token),
            ("sqs", ["sendMessage"], token),
            ("sns", ["publish"], token),
            ("dynamodb", ["getItem", "putItem", "updateItem", "deleteItem"], call),
            ("events", ["putEvents"], token),
            ("states", ["startExecution"], [.requestResponse, .sync, .sync2, .waitForTaskToken]),
            ("apigateway", ["invoke"], token),
            ("http", ["invoke"], call),
            ("batch", ["submitJob"], job),
            ("glue", ["startJobRun"], job),
            ("databrew", ["startJobRun"], job),
            ("ecs", ["runTask"], jobOrToken),
            ("codebuild", ["startBuild", "startBuildBatch"], job),
            ("codebuild", ["stopBuild", "batchDeleteBuilds", "batchGetReports", "stopBuildBatch"], call),
            ("codebuild", ["retryBuildBatch", "deleteBuildBatch"], job),
            ("athena", ["startQueryExecution"], job),
            ("athena", ["stopQueryExecution", "getQueryExecution", "getQueryResults"], call),
            ("bedrock", ["invokeModel"], token),
            ("bedrock", ["createModelCustomizationJob"], job),
            ("eks", ["call"], call),
            ("eks", ["runJob", "createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup"], job),
            ("eks", ["createFargateProfile", "deleteFargateProfile"], job),
            ("elasticmapreduce", ["createCluster", "terminateCluster", "addStep"], job),
            (
                "elasticmapreduce",
                ["cancelStep", "setClusterTerminationProtection", "modifyInstanceFleetByName"]
                    + ["modifyInstanceGroupByName"], call
            ),
            (
                "emr-serverless",
                ["createApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun"]
                    + ["cancelJobRun"], job
            ),
            ("emr-containers", ["createVirtualCluster"], call),
            ("emr-containers", ["deleteVirtualCluster", "startJobRun"], job),
            ("mediaconvert", ["createJob"], job),
            (
                "sagemaker",
                ["createTrainingJob", "createTransformJob", "createProcessingJob", "createLabelingJob"]
                    + ["createHyperParameterTuningJob"], job
            ),
            ("sagemaker", ["createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint"], call),
        ]
        var all: [String: OptimizedIntegration] = [:]
        for (type, actions, patterns) in table {
            for action in actions {
                all["\(type):\(action)"] = OptimizedIntegration(
                    resourceType: type, action: action, patterns: patterns)
            }
        }
        return all
    }()
}
