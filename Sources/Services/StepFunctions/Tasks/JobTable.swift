import JSON

/// A job that a `.sync` task starts, watches and, when its execution stops, ends. All names begin with a capital, as
/// states see them.
struct Job: Sendable {
    typealias Form = @Sendable (_ submitted: JSON, _ parameters: JSON) -> JSON

    /// The operation that tells how the job stands.
    let describe: String
    /// Its input, from the answer of the submission and the parameters of the task.
    let question: Form
    /// The job in its output; empty: the whole output.
    var path: [JSONStep] = []
    /// The state in the job.
    let state: [JSONStep]
    let succeeded: Set<String>
    /// Over, but not well; every other state is on the way.
    let failed: Set<String>
    /// What ends the job, from the question.
    var stop: (operation: String, input: @Sendable (JSON) -> JSON)?
    /// The result is the whole output, not the job in it.
    var showsOutput = false
    /// Whether a job in a state of `succeeded` has really succeeded.
    var isWell: @Sendable (JSON) -> Bool = { _ in true }
}

/// A step into a value.
enum JSONStep: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case key(String)
    case index(Int)

    init(stringLiteral value: String) { self = .key(value) }
    init(integerLiteral value: Int) { self = .index(value) }
}

extension JSON {
    func at(_ path: [JSONStep]) -> JSON? {
        path.reduce(self as JSON?) { value, step in
            switch step {
            case .key(let key): value?[key]
            case .index(let index): value?[index]
            }
        }
    }

    /// The members of those names.
    fileprivate func only(_ names: String...) -> JSON {
        .object(JSON.Object(names.compactMap { name in self[name].map { (name, $0) } }))
    }
}

extension Job {
    /// Every job by resource type and action. Source: Step Functions developer guide, "Integrating services", and the
    /// services' API references for states and operations.
    static func find(_ resourceType: String, _ action: String) -> Job? { all["\(resourceType):\(action)"] }

    private static let all: [String: Job] = {
        var all = data.merging(compute) { first, _ in first }
        for name in ["Training", "Transform", "Processing", "Labeling", "HyperParameterTuning"] {
            all["sagemaker:create\(name)Job"] = sageMaker(name)
        }
        return all
    }()

    private static let data: [String: Job] = [
        "glue:startJobRun": Job(
            describe: "GetJobRun",
            question: { ["JobName": $1["JobName"] ?? .null, "RunId": $0["JobRunId"] ?? .null] },
            path: ["JobRun"], state: ["JobRunState"], succeeded: ["SUCCEEDED"],
            failed: ["FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED"],
            stop: (
                "BatchStopJobRun",
                { ["JobName": $0["JobName"] ?? .null, "JobRunIds": .array([$0["RunId"] ?? .null])] }
            )),
        "databrew:startJobRun": Job(
            describe: "DescribeJobRun",
            question: { ["Name": $1["Name"] ?? .null, "RunId": $0["RunId"] ?? .null] },
            state: ["State"], succeeded: ["SUCCEEDED"], failed: ["FAILED", "STOPPED", "TIMEOUT"],
            stop: ("StopJobRun", { $0 })),
        "athena:startQueryExecution": Job(
            describe: "GetQueryExecution", question: { submitted, _ in submitted.only("QueryExecutionId") },
            path: ["QueryExecution"], state: ["Status", "State"], succeeded: ["SUCCEEDED"],
            failed: ["FAILED", "CANCELLED"], stop: ("StopQueryExecution", { $0 }), showsOutput: true),
        "elasticmapreduce:createCluster": Job(
            describe: "DescribeCluster", question: { submitted, _ in ["ClusterId": submitted["JobFlowId"] ?? .null] },
            path: ["Cluster"], state: ["Status", "State"], succeeded: ["WAITING", "RUNNING"],
            failed: ["TERMINATED", "TERMINATED_WITH_ERRORS"],
            stop: ("TerminateJobFlows", { ["JobFlowIds": .array([$0["ClusterId"] ?? .null])] }), showsOutput: true),
        "elasticmapreduce:terminateCluster": Job(
            describe: "DescribeCluster", question: { $1.only("ClusterId") },
            path: ["Cluster"], state: ["Status", "State"], succeeded: ["TERMINATED", "TERMINATED_WITH_ERRORS"],
            failed: [], showsOutput: true),
        "elasticmapreduce:addStep": Job(
            describe: "DescribeStep",
            question: { ["ClusterId": $1["ClusterId"] ?? .null, "StepId": $0.at(["StepIds", 0]) ?? .null] },
            path: ["Step"], state: ["Status", "State"], succeeded: ["COMPLETED"],
            failed: ["FAILED", "CANCELLED", "INTERRUPTED"],
            stop: (
                "CancelSteps", { ["ClusterId": $0["ClusterId"] ?? .null, "StepIds": .array([$0["StepId"] ?? .null])] }
            ), showsOutput: true),
        "emr-serverless:createApplication": application(succeeded: "CREATED", failed: ["TERMINATED"]),
        "emr-serverless:startApplication": application(succeeded: "STARTED", failed: ["STOPPED", "TERMINATED"]),
        "emr-serverless:stopApplication": application(succeeded: "STOPPED", failed: ["TERMINATED"]),
        "emr-serverless:deleteApplication": application(succeeded: "TERMINATED", failed: []),
        "emr-serverless:startJobRun": Job(
            describe: "GetJobRun", question: { submitted, _ in submitted.only("ApplicationId", "JobRunId") },
            path: ["JobRun"], state: ["State"], succeeded: ["SUCCESS"], failed: ["FAILED", "CANCELLED"],
            stop: ("CancelJobRun", { $0 })),
        "emr-containers:startJobRun": Job(
            describe: "DescribeJobRun", question: { submitted, _ in submitted.only("Id", "VirtualClusterId") },
            path: ["JobRun"], state: ["State"], succeeded: ["COMPLETED"], failed: ["FAILED", "CANCELLED"],
            stop: ("CancelJobRun", { $0 })),
        "emr-containers:deleteVirtualCluster": Job(
            describe: "DescribeVirtualCluster", question: { submitted, _ in submitted.only("Id") },
            path: ["VirtualCluster"], state: ["State"], succeeded: ["TERMINATED"], failed: ["ARRESTED"]),
        "mediaconvert:createJob": Job(
            describe: "GetJob", question: { submitted, _ in ["Id": submitted.at(["Job", "Id"]) ?? .null] },
            path: ["Job"], state: ["Status"], succeeded: ["COMPLETE"], failed: ["ERROR", "CANCELED"],
            stop: ("CancelJob", { $0 }), showsOutput: true),
        "bedrock:createModelCustomizationJob": Job(
            describe: "GetModelCustomizationJob",
            question: { submitted, _ in ["JobIdentifier": submitted["JobArn"] ?? .null] },
            state: ["Status"], succeeded: ["Completed"], failed: ["Failed", "Stopped"],
            stop: ("StopModelCustomizationJob", { $0 })),
    ]

    private static let compute: [String: Job] = [
        "batch:submitJob": Job(
            describe: "DescribeJobs", question: { submitted, _ in ["Jobs": .array([submitted["JobId"] ?? .null])] },
            path: ["Jobs", 0], state: ["Status"], succeeded: ["SUCCEEDED"], failed: ["FAILED"],
            stop: (
                "TerminateJob",
                { ["JobId": $0.at(["Jobs", 0]) ?? .null, "Reason": "The execution that submitted it has stopped."] }
            )),
        "ecs:runTask": Job(
            describe: "DescribeTasks",
            question: { submitted, parameters in
                var question: JSON = ["Tasks": .array([submitted.at(["Tasks", 0, "TaskArn"]) ?? .null])]
                question["Cluster"] = parameters["Cluster"]
                return question
            },
            path: ["Tasks", 0], state: ["LastStatus"], succeeded: ["STOPPED"], failed: [],
            stop: (
                "StopTask",
                { question in
                    var input: JSON = ["Task": question.at(["Tasks", 0]) ?? .null]
                    input["Cluster"] = question["Cluster"]
                    return input
                }
            ),
            isWell: { task in (task["Containers"]?.array ?? []).allSatisfy { $0["ExitCode"]?.int == 0 } }),
        "codebuild:startBuild": Job(
            describe: "BatchGetBuilds",
            question: { submitted, _ in ["Ids": .array([submitted.at(["Build", "Id"]) ?? .null])] },
            path: ["Builds", 0], state: ["BuildStatus"], succeeded: ["SUCCEEDED"],
            failed: ["FAILED", "FAULT", "STOPPED", "TIMED_OUT"],
            stop: ("StopBuild", { ["Id": $0.at(["Ids", 0]) ?? .null] })),
        "codebuild:startBuildBatch": buildBatch, "codebuild:retryBuildBatch": buildBatch,
        "eks:createCluster": Job(
            describe: "DescribeCluster", question: { $1.only("Name") }, path: ["Cluster"], state: ["Status"],
            succeeded: ["ACTIVE"], failed: ["FAILED"], showsOutput: true),
        "eks:createNodegroup": Job(
            describe: "DescribeNodegroup", question: { $1.only("ClusterName", "NodegroupName") },
            path: ["Nodegroup"], state: ["Status"], succeeded: ["ACTIVE"], failed: ["CREATE_FAILED", "DEGRADED"],
            showsOutput: true),
        "eks:createFargateProfile": Job(
            describe: "DescribeFargateProfile", question: { $1.only("ClusterName", "FargateProfileName") },
            path: ["FargateProfile"], state: ["Status"], succeeded: ["ACTIVE"], failed: ["CREATE_FAILED"],
            showsOutput: true),
    ]

    private static let buildBatch = Job(
        describe: "BatchGetBuildBatches",
        question: { submitted, _ in ["Ids": .array([submitted.at(["BuildBatch", "Id"]) ?? .null])] },
        path: ["BuildBatches", 0], state: ["BuildBatchStatus"], succeeded: ["SUCCEEDED"],
        failed: ["FAILED", "FAULT", "STOPPED", "TIMED_OUT"],
        stop: ("StopBuildBatch", { ["Id": $0.at(["Ids", 0]) ?? .null] }))

    private static func application(succeeded: String, failed: Set<String>) -> Job {
        Job(
            describe: "GetApplication",
            question: { ["ApplicationId": $0["ApplicationId"] ?? $1["ApplicationId"] ?? .null] },
            path: ["Application"], state: ["State"], succeeded: [succeeded], failed: failed, showsOutput: true)
    }

    private static func sageMaker(_ name: String) -> Job {
        Job(
            describe: "Describe\(name)Job", question: { $1.only("\(name)JobName") }, state: [.key("\(name)JobStatus")],
            succeeded: ["Completed"], failed: ["Failed", "Stopped"], stop: ("Stop\(name)Job", { $0 }))
    }
}
