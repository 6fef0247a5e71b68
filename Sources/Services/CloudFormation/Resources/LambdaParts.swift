import JSON

// What belongs to a function: permissions, sources, versions, aliases.

/// `AWS::Lambda::Permission`.
struct LambdaPermission: ResourceType {
    let name = "AWS::Lambda::Permission"
    let attributes = ["Id"]
    let nameLimit = 100
    let properties: [String: PropertyRule] = [
        "FunctionName": .replacing(.string, isRequired: true), "Action": .replacing(.string, isRequired: true),
        "Principal": .replacing(.string, isRequired: true), "SourceArn": .replacing(.string),
        "SourceAccount": .replacing(.string), "EventSourceToken": .replacing(.string),
        "FunctionUrlAuthType": .replacing(.string), "PrincipalOrgID": .replacing(.string),
        "InvokedViaFunctionUrl": .replacing(.boolean),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input = request.properties
        input["StatementId"] = .string(request.physicalId)
        try await request.make("lambda", "AddPermission", input, exists: ["ResourceConflictException"])
        return ResourceResult(request.physicalId, ["Id": .string(request.physicalId)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "lambda", "RemovePermission",
            ["FunctionName": request["FunctionName"] ?? "", "StatementId": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Lambda::EventSourceMapping`. `Ref`: the UUID.
struct LambdaEventSourceMapping: ResourceType {
    let name = "AWS::Lambda::EventSourceMapping"
    let attributes = ["Id", "EventSourceMappingArn"]
    let properties: [String: PropertyRule] = [
        "FunctionName": .inPlace(.string, isRequired: true), "EventSourceArn": .replacing(.string),
        "StartingPosition": .replacing(.string), "StartingPositionTimestamp": .replacing(.number),
        "BatchSize": .inPlace(.integer), "MaximumBatchingWindowInSeconds": .inPlace(.integer),
        "Enabled": .inPlace(.boolean), "FunctionResponseTypes": .inPlace(.list(.string)),
        "FilterCriteria": .inPlace(.object(["Filters": .list(.object(["Pattern": .string]))])),
        "ScalingConfig": .inPlace(.object(["MaximumConcurrency": .integer])),
        "BisectBatchOnFunctionError": .inPlace(.boolean),
        "DestinationConfig": .inPlace(.object(["OnFailure": .object(["Destination": .string])])),
        "MaximumRecordAgeInSeconds": .inPlace(.integer), "MaximumRetryAttempts": .inPlace(.integer),
        "ParallelizationFactor": .inPlace(.integer), "TumblingWindowInSeconds": .inPlace(.integer),
        "Queues": .inPlace(.list(.string)), "Topics": .replacing(.list(.string)), "KmsKeyArn": .inPlace(.string),
        "MetricsConfig": .inPlace(.any), "LoggingConfig": .inPlace(.any),
        "ProvisionedPollerConfig": .inPlace(.any), "SourceAccessConfigurations": .inPlace(.any),
        "SelfManagedEventSource": .replacing(.any), "SelfManagedKafkaEventSourceConfig": .replacing(.any),
        "AmazonManagedKafkaEventSourceConfig": .replacing(.any), "DocumentDBEventSourceConfig": .inPlace(.any),
        "Tags": .inPlace(.tags),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        if request.isRetry, let found = try await existing(request) { return found }
        var input = request.properties
        input["Tags"] = TagChange.map(request["Tags"])
        let answer = try await request.call("lambda", "CreateEventSourceMapping", input)
        return result(answer.tree, request)
    }

    /// The mapping that an interrupted run has made.
    private func existing(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult? {
        var input: JSON = ["FunctionName": request["FunctionName"] ?? ""]
        input["EventSourceArn"] = request["EventSourceArn"]
        let listed = try await request.call("lambda", "ListEventSourceMappings", input)
        return listed["EventSourceMappings"]?[0].map { result($0, request) }
    }

    private func result(_ mapping: JSON, _ request: ResourceRequest) -> ResourceResult {
        let uuid = mapping.member("UUID")?.string ?? request.physicalId
        let arn =
            mapping.member("EventSourceMappingArn")
            ?? .string(request.arn("lambda", "event-source-mapping:\(uuid)"))
        return ResourceResult(uuid, ["Id": .string(uuid), "EventSourceMappingArn": arn])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["UUID": .string(request.physicalId)]
        for key in changed(old, request.properties) where key != "Tags" {
            input[key] = request[key] ?? (key == "Enabled" ? true : key == "FilterCriteria" ? [:] : nil)
        }
        if input.object?.count != 1 { try await request.call("lambda", "UpdateEventSourceMapping", input) }
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "lambda", "DeleteEventSourceMapping", ["UUID": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Lambda::EventInvokeConfig`.
struct LambdaEventInvokeConfig: ResourceType {
    let name = "AWS::Lambda::EventInvokeConfig"
    let attributes = ["Id"]
    private static let destination = PropertyKind.object(["Destination": .string])
    let properties: [String: PropertyRule] = [
        "FunctionName": .replacing(.string, isRequired: true), "Qualifier": .replacing(.string, isRequired: true),
        "MaximumRetryAttempts": .inPlace(.integer), "MaximumEventAgeInSeconds": .inPlace(.integer),
        "DestinationConfig": .inPlace(.object(["OnSuccess": destination, "OnFailure": destination])),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await request.call("lambda", "PutFunctionEventInvokeConfig", request.properties)
        let id = "\(request.text("FunctionName") ?? "")|\(request.text("Qualifier") ?? "")"
        return ResourceResult(id, ["Id": .string(id)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "lambda", "DeleteFunctionEventInvokeConfig",
            ["FunctionName": request["FunctionName"] ?? "", "Qualifier": request["Qualifier"] ?? ""],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Lambda::Version`. `Ref`: the ARN with the version.
struct LambdaVersion: ResourceType {
    let name = "AWS::Lambda::Version"
    let attributes = ["Version", "FunctionArn"]
    let properties: [String: PropertyRule] = [
        "FunctionName": .replacing(.string, isRequired: true), "Description": .replacing(.string),
        "CodeSha256": .replacing(.string), "ProvisionedConcurrencyConfig": .inPlace(.any),
        "RuntimePolicy": .replacing(.any),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["FunctionName": request["FunctionName"] ?? ""]
        input["Description"] = request["Description"]
        input["CodeSha256"] = request["CodeSha256"]
        let answer = try await request.call("lambda", "PublishVersion", input)
        let arn = answer.text("FunctionArn") ?? ""
        return ResourceResult(arn, ["Version": answer["Version"] ?? "", "FunctionArn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "lambda", "DeleteFunction",
            ["FunctionName": request["FunctionName"] ?? "", "Qualifier": request.attributes["Version"] ?? ""],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Lambda::Alias`. `Ref`: the ARN.
struct LambdaAlias: ResourceType {
    let name = "AWS::Lambda::Alias"
    let attributes = ["AliasArn"]
    let properties: [String: PropertyRule] = [
        "FunctionName": .replacing(.string, isRequired: true), "Name": .replacing(.string, isRequired: true),
        "FunctionVersion": .inPlace(.string, isRequired: true), "Description": .inPlace(.string),
        "RoutingConfig": .inPlace(
            .object([
                "AdditionalVersionWeights": .list(.object(["FunctionVersion": .string, "FunctionWeight": .number]))
            ])),
        "ProvisionedConcurrencyConfig": .inPlace(.any),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await request.make("lambda", "CreateAlias", input(request), exists: ["ResourceConflictException"])
        let function = request.text("FunctionName") ?? ""
        let alias = try await request.call(
            "lambda", "GetAlias", ["FunctionName": .string(function), "Name": request["Name"] ?? ""])
        let arn = alias.text("AliasArn") ?? ""
        return ResourceResult(arn, ["AliasArn": .string(arn)])
    }

    /// The weights are a list in templates and a map in the API.
    private func input(_ request: ResourceRequest) -> JSON {
        var input: JSON = [:]
        for member in ["FunctionName", "Name", "FunctionVersion", "Description"] { input[member] = request[member] }
        if let weights = request["RoutingConfig"]?["AdditionalVersionWeights"]?.array {
            let map = JSON.Object(weights.map { ($0["FunctionVersion"]?.string ?? "", $0["FunctionWeight"] ?? 0) })
            input["RoutingConfig"] = ["AdditionalVersionWeights": .object(map)]
        }
        return input
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = input(request)
        if input["RoutingConfig"] == nil { input["RoutingConfig"] = ["AdditionalVersionWeights": [:]] }
        try await request.call("lambda", "UpdateAlias", input)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "lambda", "DeleteAlias", ["FunctionName": request["FunctionName"] ?? "", "Name": request["Name"] ?? ""],
            accepting: ["ResourceNotFoundException"])
    }
}
