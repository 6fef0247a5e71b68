import AWSWire
import BatonCore
import JSON

/// The operation and its input for targets that are one call of one service.
struct TargetOperation {
    let call: (name: String, input: JSON)

    init(_ target: Target, _ arn: ARN, _ input: TargetInput, _ context: Context) throws(AWSError) {
        switch arn.service {
        case "sqs":
            var message: JSON = [
                "QueueUrl": .string("\(context.host.endpoint)/\(arn.account)/\(arn.resource)"),
                "MessageBody": .string(input.text),
            ]
            message["MessageGroupId"] = target.settings["SqsParameters"]?["MessageGroupId"]
            call = ("SendMessage", message)
        case "sns": call = ("Publish", ["TopicArn": .string(target.arn), "Message": .string(input.text)])
        case "lambda":
            let function: JSON = [
                "FunctionName": .string(target.arn), "InvocationType": "Event",
                "Payload": .bytes(Array(input.text.utf8)),
            ]
            call = ("Invoke", function)
        case "states":
            // The same name for every attempt makes a repeated call harmless.
            let name = "\(input.event["id"]?.string ?? "")_\(input.digest(of: target).prefix(32))"
            let start: JSON = [
                "stateMachineArn": .string(target.arn), "input": .string(input.text), "name": .string(name),
            ]
            call = ("StartExecution", start)
        case "batch": call = ("SubmitJob", Self.job(target, input))
        default: call = ("RunTask", Self.task(target, input))
        }
    }

    /// The input may hold `Parameters`, `ContainerOverrides` and other members of SubmitJob in upper camel case. Source:
    /// EventBridge user guide and Batch user guide, passing event information to a Batch target.
    private static func job(_ target: Target, _ input: TargetInput) -> JSON {
        let settings = target.settings["BatchParameters"]
        var job: JSON = [
            "jobQueue": .string(target.arn), "jobDefinition": settings?["JobDefinition"] ?? "",
            "jobName": settings?["JobName"] ?? "",
        ]
        if let size = settings?["ArrayProperties"]?["Size"] { job["arrayProperties"] = ["size": size] }
        if let attempts = settings?["RetryStrategy"]?["Attempts"] { job["retryStrategy"] = ["attempts": attempts] }
        for (key, value) in input.json.object ?? [:] where passed.contains(key) {
            job[lowered(key)] = key == "Parameters" ? texts(value) : camel(value)
        }
        return job
    }

    private static let passed: Set<String> = [
        "Parameters", "ContainerOverrides", "RetryStrategy", "ArrayProperties", "Timeout", "NodeOverrides",
        "SchedulingPriorityOverride", "ShareIdentifier", "PropagateTags", "EcsPropertiesOverride",
    ]

    /// Parameters of jobs are texts.
    private static func texts(_ value: JSON) -> JSON {
        .object(JSON.Object((value.object ?? [:]).map { ($0.key, .string($0.value.string ?? $0.value.text())) }))
    }

    private static func lowered(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

    /// Member names as the API of Batch spells them.
    private static func camel(_ value: JSON) -> JSON {
        switch value {
        case .object(let object): .object(JSON.Object(object.map { (lowered($0.key), camel($0.value)) }))
        case .array(let elements): .array(elements.map(camel))
        default: value
        }
    }

    private static func task(_ target: Target, _ input: TargetInput) -> JSON {
        let settings = target.settings["EcsParameters"]
        var task: JSON = ["cluster": .string(target.arn), "taskDefinition": settings?["TaskDefinitionArn"] ?? ""]
        task["count"] = settings?["TaskCount"]
        for name in ["LaunchType", "PlatformVersion", "Group", "PropagateTags", "ReferenceId"] {
            if let value = settings?[name] { task[lowered(name)] = value }
        }
        task["networkConfiguration"] = settings?["NetworkConfiguration"].map(camel)
        if let overrides = input.json["containerOverrides"] { task["overrides"] = ["containerOverrides": overrides] }
        return task
    }
}
