import AWSWire
import JSON

/// `AWS::Events::EventBus`. `Ref`: the name.
struct EventsEventBus: ResourceType {
    let name = "AWS::Events::EventBus"
    let nameProperty: String? = "Name"
    let attributes = ["Arn", "Name", "Policy"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string, isRequired: true), "EventSourceName": .replacing(.string),
        "Description": .inPlace(.string), "KmsKeyIdentifier": .inPlace(.string), "Policy": .inPlace(.document),
        "DeadLetterConfig": .inPlace(.object(["Arn": .string])), "Tags": .inPlace(.tags),
        "LogConfig": .inPlace(.object(["IncludeDetail": .string, "Level": .string])),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input = request.properties
        input["Policy"] = nil
        try await request.make("events", "CreateEventBus", input, exists: ["ResourceAlreadyExistsException"])
        let name = request.name("Name")
        request.progress.physicalId = name
        try await putPolicy(name, request)
        return ResourceResult(
            name, ["Arn": .string(request.arn("events", "event-bus/\(name)")), "Name": .string(name)])
    }

    private func putPolicy(_ name: String, _ request: ResourceRequest) async throws(ResourceFailure) {
        guard let policy = request["Policy"] else { return }
        try await request.call(
            "events", "PutPermission", ["EventBusName": .string(name), "Policy": .string(policy.text())])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["Name": .string(request.physicalId)]
        for key in ["Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig"] { input[key] = request[key] }
        try await request.call("events", "UpdateEventBus", input)
        try await putPolicy(request.physicalId, request)
        try await EventsTags.change(request.arn("events", "event-bus/\(request.physicalId)"), old, request)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call("events", "DeleteEventBus", ["Name": .string(request.physicalId)])
    }
}

enum EventsTags {
    static func change(_ arn: String, _ old: JSON, _ request: ResourceRequest) async throws(ResourceFailure) {
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        if !removed.isEmpty {
            try await request.call(
                "events", "UntagResource", ["ResourceARN": .string(arn), "TagKeys": .array(removed)])
        }
        if !added.isEmpty {
            try await request.call("events", "TagResource", ["ResourceARN": .string(arn), "Tags": .array(added)])
        }
    }
}

/// `AWS::Events::EventBusPolicy`. `Ref`: a generated id.
struct EventsEventBusPolicy: ResourceType {
    let name = "AWS::Events::EventBusPolicy"
    let attributes = ["Id"]
    let properties: [String: PropertyRule] = [
        "EventBusName": .replacing(.string), "StatementId": .replacing(.string, isRequired: true),
        "Statement": .inPlace(.document), "Action": .inPlace(.string), "Principal": .inPlace(.string),
        "Condition": .inPlace(.object(["Key": .string, "Type": .string, "Value": .string])),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = [:]
        input["EventBusName"] = request["EventBusName"]
        if let statement = request["Statement"] {
            let described = try await request.call(
                "events", "DescribeEventBus", request["EventBusName"].map { ["Name": $0] } ?? [:])
            let policy = described.text("Policy").flatMap { try? JSON.parse($0) }
            var own = statement
            own["Sid"] = request["StatementId"]
            let others = (policy?["Statement"]?.array ?? []).filter { $0["Sid"] != own["Sid"] }
            let whole: JSON = ["Version": "2012-10-17", "Statement": .array(others + [own])]
            input["Policy"] = .string(whole.text())
        } else {
            for key in ["StatementId", "Action", "Principal", "Condition"] { input[key] = request[key] }
        }
        try await request.call("events", "PutPermission", input)
        return ResourceResult(request.physicalId, ["Id": .string(request.physicalId)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        var input: JSON = ["StatementId": request["StatementId"] ?? ""]
        input["EventBusName"] = request["EventBusName"]
        try await request.call("events", "RemovePermission", input, accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Events::Rule`. `Ref`: the name, behind that of its bus where it is not the default one.
struct EventsRule: ResourceType {
    let name = "AWS::Events::Rule"
    let nameProperty: String? = "Name"
    let nameLimit = 64
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "EventBusName": .replacing(.string), "Description": .inPlace(.string),
        "EventPattern": .inPlace(.document), "ScheduleExpression": .inPlace(.string), "State": .inPlace(.string),
        "RoleArn": .inPlace(.string), "Tags": .inPlace(.tags), "Targets": .inPlace(.list(target)),
    ]

    private static let target = PropertyKind.object([
        "Id": .string, "Arn": .string, "RoleArn": .string, "Input": .string, "InputPath": .string,
        "InputTransformer": .object(["InputPathsMap": .map(.string), "InputTemplate": .string]),
        "SqsParameters": .object(["MessageGroupId": .string]),
        "BatchParameters": .object([
            "JobDefinition": .string, "JobName": .string, "ArrayProperties": .object(["Size": .integer]),
            "RetryStrategy": .object(["Attempts": .integer]),
        ]),
        "RetryPolicy": .object(["MaximumRetryAttempts": .integer, "MaximumEventAgeInSeconds": .integer]),
        "DeadLetterConfig": .object(["Arn": .string]),
        "HttpParameters": .object([
            "PathParameterValues": .list(.string), "HeaderParameters": .map(.string),
            "QueryStringParameters": .map(.string),
        ]),
        "EcsParameters": .any, "KinesisParameters": .any, "RunCommandParameters": .any,
        "RedshiftDataParameters": .any, "SageMakerPipelineParameters": .any, "AppSyncParameters": .any,
    ])

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("Name")
        let arn = try await put(name, tags: true, request)
        let bus = request.text("EventBusName").map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let id = bus.map { $0 == "default" ? name : "\($0)|\(name)" } ?? name
        request.progress.physicalId = id
        try await putTargets(name, request)
        return ResourceResult(id, ["Arn": .string(arn)])
    }

    private func put(_ name: String, tags: Bool, _ request: ResourceRequest) async throws(ResourceFailure) -> String {
        var input: JSON = ["Name": .string(name)]
        for key in ["EventBusName", "Description", "ScheduleExpression", "State", "RoleArn"] {
            input[key] = request[key]
        }
        input["EventPattern"] = request["EventPattern"].map { .string($0.text()) }
        if tags { input["Tags"] = request["Tags"] }
        return try await request.call("events", "PutRule", input).text("RuleArn") ?? ""
    }

    private func putTargets(_ name: String, _ request: ResourceRequest) async throws(ResourceFailure) {
        guard let targets = request["Targets"], targets.array?.isEmpty == false else { return }
        var input = rule(name, request)
        input["Targets"] = targets
        let answer = try await request.call("events", "PutTargets", input)
        if let failed = answer["FailedEntries"]?[0] {
            throw ResourceFailure(
                reason: failed["ErrorMessage"]?.string ?? "", code: failed["ErrorCode"]?.string ?? "")
        }
    }

    private func rule(_ name: String, _ request: ResourceRequest) -> JSON {
        var input: JSON = ["Rule": .string(name)]
        input["EventBusName"] = request["EventBusName"]
        return input
    }

    /// The name in the physical id.
    private func ruleName(_ request: ResourceRequest) -> String {
        request.physicalId.split(separator: "|").last.map(String.init) ?? request.physicalId
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let name = ruleName(request)
        let arn = try await put(name, tags: false, request)
        let kept = (request["Targets"]?.array ?? []).map { $0["Id"] }
        let gone = (old["Targets"]?.array ?? []).compactMap { $0["Id"] }.filter { !kept.contains($0) }
        if !gone.isEmpty {
            var input = rule(name, request)
            input["Ids"] = .array(gone)
            try await request.call("events", "RemoveTargets", input)
        }
        try await putTargets(name, request)
        try await EventsTags.change(arn, old, request)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        let name = ruleName(request)
        let accepting: Set<String> = ["ResourceNotFoundException"]
        let targets =
            try await request.call(
                "events", "ListTargetsByRule", rule(name, request), accepting: accepting)["Targets"]?.array ?? []
        if !targets.isEmpty {
            var input = rule(name, request)
            input["Ids"] = .array(targets.compactMap { $0["Id"] })
            try await request.call("events", "RemoveTargets", input, accepting: accepting)
        }
        var input = rule(name, request)
        input["Name"] = input["Rule"]
        input["Rule"] = nil
        try await request.call("events", "DeleteRule", input, accepting: accepting)
    }
}

/// `AWS::Events::Archive`. `Ref`: the name.
struct EventsArchive: ResourceType {
    let name = "AWS::Events::Archive"
    let nameProperty: String? = "ArchiveName"
    let nameLimit = 48
    let attributes = ["Arn", "ArchiveName"]
    let properties: [String: PropertyRule] = [
        "ArchiveName": .replacing(.string), "SourceArn": .replacing(.string, isRequired: true),
        "Description": .inPlace(.string), "EventPattern": .inPlace(.document), "RetentionDays": .inPlace(.integer),
        "KmsKeyIdentifier": .inPlace(.string),
    ]

    private func input(_ name: String, _ request: ResourceRequest) -> JSON {
        var input: JSON = ["ArchiveName": .string(name)]
        for key in ["Description", "RetentionDays", "KmsKeyIdentifier"] { input[key] = request[key] }
        input["EventPattern"] = request["EventPattern"].map { .string($0.text()) }
        return input
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("ArchiveName")
        var input = input(name, request)
        input["EventSourceArn"] = request["SourceArn"]
        try await request.make("events", "CreateArchive", input, exists: ["ResourceAlreadyExistsException"])
        return ResourceResult(
            name, ["Arn": .string(request.arn("events", "archive/\(name)")), "ArchiveName": .string(name)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await request.call("events", "UpdateArchive", input(request.physicalId, request))
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "events", "DeleteArchive", ["ArchiveName": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Events::Connection`. `Ref`: the name.
struct EventsConnection: ResourceType {
    let name = "AWS::Events::Connection"
    let nameProperty: String? = "Name"
    let nameLimit = 64
    let attributes = ["Arn", "SecretArn", "ArnForPolicy"]
    private static let http: PropertyKind = {
        let list = PropertyKind.list(.object(["Key": .string, "Value": .string, "IsValueSecret": .boolean]))
        return .object(["HeaderParameters": list, "QueryStringParameters": list, "BodyParameters": list])
    }()
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "Description": .inPlace(.string), "AuthorizationType": .inPlace(.string),
        "KmsKeyIdentifier": .inPlace(.string), "InvocationConnectivityParameters": .inPlace(.any),
        "AuthParameters": .inPlace(
            .object([
                "BasicAuthParameters": .object(["Username": .string, "Password": .string]),
                "ApiKeyAuthParameters": .object(["ApiKeyName": .string, "ApiKeyValue": .string]),
                "OAuthParameters": .object([
                    "ClientParameters": .object(["ClientID": .string, "ClientSecret": .string]),
                    "AuthorizationEndpoint": .string, "HttpMethod": .string, "OAuthHttpParameters": http,
                ]),
                "InvocationHttpParameters": http, "ConnectivityParameters": .any,
            ])),
    ]

    private func described(_ name: String, _ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let answer = try await request.call("events", "DescribeConnection", ["Name": .string(name)])
        let arn = answer["ConnectionArn"] ?? ""
        let policy = arn.string?.split(separator: "/").dropLast().joined(separator: "/") ?? ""
        return ResourceResult(
            name, ["Arn": arn, "SecretArn": answer["SecretArn"] ?? "", "ArnForPolicy": .string(policy)])
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("Name")
        var input = request.properties
        input["Name"] = .string(name)
        try await request.make("events", "CreateConnection", input, exists: ["ResourceAlreadyExistsException"])
        return try await described(name, request)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = request.properties
        input["Name"] = .string(request.physicalId)
        try await request.call("events", "UpdateConnection", input)
        return try await described(request.physicalId, request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "events", "DeleteConnection", ["Name": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Events::ApiDestination`. `Ref`: the name.
struct EventsApiDestination: ResourceType {
    let name = "AWS::Events::ApiDestination"
    let nameProperty: String? = "Name"
    let nameLimit = 64
    let attributes = ["Arn", "ArnForPolicy"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "Description": .inPlace(.string),
        "ConnectionArn": .inPlace(.string, isRequired: true),
        "InvocationEndpoint": .inPlace(.string, isRequired: true), "HttpMethod": .inPlace(.string, isRequired: true),
        "InvocationRateLimitPerSecond": .inPlace(.integer),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("Name")
        var input = request.properties
        input["Name"] = .string(name)
        try await request.make("events", "CreateApiDestination", input, exists: ["ResourceAlreadyExistsException"])
        let arn =
            try await request.call("events", "DescribeApiDestination", ["Name": .string(name)])
            .text("ApiDestinationArn") ?? ""
        let policy = arn.split(separator: "/").dropLast().joined(separator: "/")
        return ResourceResult(name, ["Arn": .string(arn), "ArnForPolicy": .string(policy)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = request.properties
        input["Name"] = .string(request.physicalId)
        try await request.call("events", "UpdateApiDestination", input)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "events", "DeleteApiDestination", ["Name": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}
