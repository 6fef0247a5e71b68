import JSON

/// One run of a job, as far as its call depends on it.
struct Run: Equatable {
    var runId: String
    var jobId: String
    /// Variables of the event, empty unless the row allows them.
    var overrides: JSON.Object = [:]
    var nowMs: Int64
}

extension JobType {
    /// The call that starts a job of this type. Where the engine offers it, the run's id keeps a repeated call from
    /// starting the job twice.
    func call(_ config: ConfigReader, _ run: Run) throws(Rejection) -> Call {
        switch self {
        case .matillionQueue: try Self.matillion(config, run)
        case .lambda: try Self.lambda(config)
        case .stepFunctions: try Self.stepFunctions(config, run)
        case .batch: try Self.batch(config)
        case .glue: try Self.glue(config)
        case .emr:
            .aws(
                "emr", "AddJobFlowSteps",
                ["JobFlowId": .string(try config.string("clusterId")), "Steps": .array(try config.array("steps"))])
        case .ecs: try Self.ecs(config, run)
        case .sqs: try Self.sqs(config, run)
        case .sns:
            .aws(
                "sns", "Publish",
                ["TopicArn": .string(try config.string("topicArn")), "Message": .string(try config.text("message"))])
        case .eventBridge: try Self.eventBridge(config)
        case .http: try Self.http(config, run)
        }
    }

    private static func matillion(_ config: ConfigReader, _ run: Run) throws(Rejection) -> Call {
        let queueUrl = try config.string("queueUrl")
        let group = try config.string("sqsMessageGroupId")
        let body = try MatillionMessage.body(
            config.reader("matillionSqsMessage"), overrides: run.overrides, nowMs: run.nowMs)
        return .aws(
            "sqs", "SendMessage",
            [
                "QueueUrl": .string(queueUrl), "MessageBody": .string(body.text()), "MessageGroupId": .string(group),
                "MessageDeduplicationId": .string(run.runId),
            ])
    }

    private static func lambda(_ config: ConfigReader) throws(Rejection) -> Call {
        let type = try config.string(ifPresent: "invocationType") ?? "Event"
        guard ["Event", "RequestResponse"].contains(type) else { throw config.invalid("invocationType") }
        return .aws(
            "lambda", "Invoke",
            [
                "FunctionName": .string(try config.string("functionName")), "InvocationType": .string(type),
                "Payload": .bytes((config.json(ifPresent: "payload") ?? [:]).serialized()),
            ])
    }

    private static func stepFunctions(_ config: ConfigReader, _ run: Run) throws(Rejection) -> Call {
        let input = config.json(ifPresent: "input") ?? [:]
        return .aws(
            "stepfunctions", "StartExecution",
            [
                "stateMachineArn": .string(try config.string("stateMachineArn")),
                "name": .string(executionName(run)), "input": .string(input.text()),
            ])
    }

    /// `<jobId>-<runId>` within the 80 characters that a name may have, without those that it may not have.
    static func executionName(_ run: Run) -> String {
        let allowed = run.jobId.map { character in
            character.isASCII && (character.isLetter || character.isNumber || "-_.+=@".contains(character))
                ? character : "_"
        }
        return "\(String(allowed).prefix(max(0, 79 - run.runId.count)))-\(run.runId)"
    }

    private static func batch(_ config: ConfigReader) throws(Rejection) -> Call {
        var input: JSON.Object = [
            "jobName": .string(try config.string("jobName")), "jobQueue": .string(try config.string("jobQueue")),
            "jobDefinition": .string(try config.string("jobDefinition")),
        ]
        input["parameters"] = try config.texts(ifPresent: "parameters")
        input["containerOverrides"] = try config.object(ifPresent: "containerOverrides").map(JSON.object)
        return .aws("batch", "SubmitJob", .object(input))
    }

    private static func glue(_ config: ConfigReader) throws(Rejection) -> Call {
        var input: JSON.Object = ["JobName": .string(try config.string("jobName"))]
        input["Arguments"] = try config.texts(ifPresent: "arguments")
        input["WorkerType"] = try config.string(ifPresent: "workerType").map(JSON.string)
        input["NumberOfWorkers"] = try config.int(ifPresent: "numberOfWorkers").map { .number($0) }
        return .aws("glue", "StartJobRun", .object(input))
    }

    private static func ecs(_ config: ConfigReader, _ run: Run) throws(Rejection) -> Call {
        var input: JSON.Object = [
            "cluster": .string(try config.string("cluster")),
            "taskDefinition": .string(try config.string("taskDefinition")), "clientToken": .string(run.runId),
        ]
        input["launchType"] = try config.string(ifPresent: "launchType").map(JSON.string)
        input["networkConfiguration"] = try config.object(ifPresent: "networkConfiguration").map(JSON.object)
        input["overrides"] = try config.object(ifPresent: "overrides").map(JSON.object)
        return .aws("ecs", "RunTask", .object(input))
    }

    private static func sqs(_ config: ConfigReader, _ run: Run) throws(Rejection) -> Call {
        var input: JSON.Object = [
            "QueueUrl": .string(try config.string("queueUrl")), "MessageBody": .string(try config.text("body")),
        ]
        if let group = try config.string(ifPresent: "messageGroupId") {
            input["MessageGroupId"] = .string(group)
            input["MessageDeduplicationId"] = .string(run.runId)
        }
        return .aws("sqs", "SendMessage", .object(input))
    }

    private static func eventBridge(_ config: ConfigReader) throws(Rejection) -> Call {
        var entry: JSON.Object = [
            "Source": .string(try config.string("source")), "DetailType": .string(try config.string("detailType")),
            "Detail": .string(try config.text("detail")),
        ]
        entry["EventBusName"] = try config.string(ifPresent: "busName").map(JSON.string)
        return .aws("events", "PutEvents", ["Entries": [.object(entry)]])
    }

    private static func http(_ config: ConfigReader, _ run: Run) throws(Rejection) -> Call {
        var call = HTTPCall(url: try config.string("url"))
        guard call.url.hasPrefix("http://") || call.url.hasPrefix("https://") else { throw config.invalid("url") }
        call.method = try config.string(ifPresent: "method") ?? call.method
        call.timeoutSeconds = try config.int(ifPresent: "timeoutSeconds") ?? call.timeoutSeconds
        guard (1...900).contains(call.timeoutSeconds) else { throw config.invalid("timeoutSeconds") }
        // Lets the receiver recognise the repetition of a request whose answer was lost.
        call.headers["Idempotency-Key"] = run.runId
        if let body = config.json(ifPresent: "body") {
            call.body = body.string.map { Array($0.utf8) } ?? body.serialized()
            if body.string == nil { call.headers["Content-Type"] = "application/json" }
        }
        for (name, value) in try config.texts(ifPresent: "headers")?.object ?? [:] {
            for same in call.headers.keys where same.lowercased() == name.lowercased() { call.headers[same] = nil }
            call.headers[name] = value.string
        }
        _ = try expectedStatus(config)
        return .http(call)
    }

    /// `expectedStatus` is one status or a range such as `200-299`.
    static func expectedStatus(_ config: ConfigReader) throws(Rejection) -> ClosedRange<Int> {
        guard let text = try config.text(ifPresent: "expectedStatus") else { return 200...299 }
        let bounds = text.split(whereSeparator: { $0 == "-" || $0 == "–" }).map { Int($0) }
        guard let first = bounds.first, let low = first, let last = bounds.last, let high = last, bounds.count <= 2,
            low <= high
        else { throw config.invalid("expectedStatus") }
        return low...high
    }
}
