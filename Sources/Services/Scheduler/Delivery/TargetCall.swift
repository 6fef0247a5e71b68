import AWSWire
import BatonCore
import BatonStore
import JSON

/// The operation that a target means: of a templated target, or the one that a universal target names.
///
/// Source: user guide, managing templated targets and using universal targets.
struct TargetCall {
    let service: String
    let operation: String
    let input: JSON
    /// Where the target is, when it says so.
    let place: ARN?

    private static let universal = "aws-sdk:"

    /// - Throws: ValidationException for what is no target; `UnknownService` for what Baton does not have.
    init(_ target: JSON, input: String, id: String = "", _ context: Context) throws(AWSError) {
        let text = target["Arn"]?.string ?? ""
        guard let arn = ARN(text) else {
            throw SchedulerError.validation("Provided Arn is not in correct format: \(text)")
        }
        if arn.service == "scheduler", arn.resource.hasPrefix(Self.universal) {
            let parts = arn.resource.dropFirst(Self.universal.count).split(separator: ":").map(String.init)
            guard parts.count == 2, let first = parts[1].first, first.isLowercase else {
                throw SchedulerError.validation("\(text) is not a valid universal target.")
            }
            try Self.checkWriting(parts[1])
            service = Self.models[parts[0]] ?? parts[0]
            operation = first.uppercased() + parts[1].dropFirst()
            place = nil
            guard let members = try? JSON.parse(input), members.object != nil else {
                throw SchedulerError.validation("The Input of a universal target must be a JSON object.")
            }
            self.input = context.host.registry.spelled(service, operation, members)
        } else {
            place = arn
            (service, operation, self.input) = try Self.templated(arn, target, input, id, context)
        }
        guard context.host.registry.has(service) else {
            throw AWSError(
                "UnknownService", "Baton has no service \(service) yet; route it with --route \(service)=aws",
                status: 501)
        }
    }

    /// Where the names of SDKs differ from those of the models.
    private static let models = [
        "sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs", "cloudwatchevents": "events",
        "elasticmapreduce": "emr",
    ]

    private static let readers = [
        "get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup",
        "discover", "validate", "batchGet", "batchDescribe", "batchRead", "transactGet", "adminGet", "adminList",
        "testMigration", "retrieve", "testConnection", "translateDocument", "isAuthorized", "invokeModel",
    ]

    /// Operations that only read cannot be scheduled.
    private static func checkWriting(_ action: String) throws(AWSError) {
        for reader in readers where action.hasPrefix(reader) {
            let next = action.dropFirst(reader.count).first
            guard next == nil || next?.isUppercase == true else { continue }
            throw SchedulerError.validation("The operation \(action) is not supported as a universal target.")
        }
    }

    private static func templated(
        _ arn: ARN, _ target: JSON, _ input: String, _ id: String, _ context: Context
    ) throws(AWSError) -> (String, String, JSON) {
        let text = JSON.string(arn.description)
        switch arn.service {
        case "sqs":
            var message: JSON = [
                "QueueUrl": .string("\(context.host.endpoint)/\(arn.account)/\(arn.resource)"),
                "MessageBody": .string(input),
            ]
            message["MessageGroupId"] = target["SqsParameters"]?["MessageGroupId"]
            return ("sqs", "SendMessage", message)
        case "sns": return ("sns", "Publish", ["TopicArn": text, "Message": .string(input)])
        case "lambda":
            let payload = JSON.bytes(Array(input.utf8))
            return ("lambda", "Invoke", ["FunctionName": text, "InvocationType": "Event", "Payload": payload])
        case "states":
            // The same name for every attempt makes a repeated call harmless.
            var start: JSON = ["stateMachineArn": text, "input": .string(input)]
            if !id.isEmpty { start["name"] = .string(id) }
            return ("stepfunctions", "StartExecution", start)
        case "events":
            guard let parameters = target["EventBridgeParameters"] else {
                throw SchedulerError.validation("EventBridgeParameters must be specified for target \(arn).")
            }
            let source = parameters["Source"]?.string ?? ""
            // The model's pattern, without those parts of it that no finite automaton reads.
            guard !source.hasPrefix("aws.") else {
                throw SchedulerError.validation(
                    "1 validation error detected: Value '\(source)' at 'target.eventBridgeParameters.source' failed to "
                        + "satisfy constraint: Member must satisfy regular expression pattern: "
                        + #"^(?=[/\.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)$"#)
            }
            let entry: JSON = [
                "EventBusName": text, "Source": parameters["Source"] ?? "",
                "DetailType": parameters["DetailType"] ?? "", "Detail": .string(input),
            ]
            return ("events", "PutEvents", ["Entries": [entry]])
        case "ecs": return ("ecs", "RunTask", try task(arn, target))
        default:
            throw AWSError("UnknownService", "Baton has no service \(arn.service) for schedules yet", status: 501)
        }
    }

    private static func task(_ arn: ARN, _ target: JSON) throws(AWSError) -> JSON {
        guard let parameters = target["EcsParameters"] else {
            throw SchedulerError.validation("EcsParameters must be specified for target \(arn).")
        }
        var task: JSON = [
            "cluster": .string(arn.description), "taskDefinition": parameters["TaskDefinitionArn"] ?? "",
        ]
        task["count"] = parameters["TaskCount"]
        for name in ["LaunchType", "PlatformVersion", "Group", "PropagateTags", "ReferenceId", "NetworkConfiguration"] {
            if let value = parameters[name] { task[name.prefix(1).lowercased() + name.dropFirst()] = value }
        }
        return task
    }

    /// Calls it, or returns the write that does it, to commit with the end of the invocation.
    func perform(_ context: Context) async throws(AWSError) -> Write<Void>? {
        let there = place.map { context.of($0) } ?? context
        if let write = try there.enlisted(service, operation, input) {
            return { [service, operation] transaction in
                try Self.check(try write(transaction).output(), service, operation)
            }
        }
        try Self.check(try await there.call(service, operation, input), service, operation)
        return nil
    }

    /// PutEvents tells of wrong entries in its answer.
    private static func check(_ output: JSON, _ service: String, _ operation: String) throws(AWSError) {
        guard service == "events", operation == "PutEvents", output["FailedEntryCount"]?.int != 0 else { return }
        let entry = output["Entries"]?.array?.first { $0["ErrorCode"] != nil }
        throw AWSError(entry?["ErrorCode"]?.string ?? "", entry?["ErrorMessage"]?.string ?? "")
    }
}
