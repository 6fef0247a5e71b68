import JSON

/// The parts of log groups and of the account's logs that templates make.
enum LogsParts {
    static let all: [any ResourceType] = [
        LogsSubscriptionFilter(), LogsMetricFilter(), LogsResourcePolicy(), LogsQueryDefinition(),
    ]

    /// The properties as the API's members: names begin with a small letter.
    static func members(_ request: ResourceRequest, without names: Set<String> = []) -> JSON {
        lowered(.object((request.properties.object ?? [:]).without(names)))
    }

    private static func lowered(_ value: JSON) -> JSON {
        switch value {
        case .object(let object):
            .object(JSON.Object(object.map { ($0.key.prefix(1).lowercased() + $0.key.dropFirst(), lowered($0.value)) }))
        case .array(let elements): .array(elements.map(lowered))
        default: value
        }
    }
}

extension JSON.Object {
    fileprivate func without(_ names: Set<String>) -> JSON.Object {
        JSON.Object(filter { !names.contains($0.key) }.map { ($0.key, $0.value) })
    }
}

/// `AWS::Logs::SubscriptionFilter`. `Ref`: the name.
struct LogsSubscriptionFilter: ResourceType {
    let name = "AWS::Logs::SubscriptionFilter"
    let nameProperty: String? = "FilterName"
    let attributes: [String] = []
    let properties: [String: PropertyRule] = [
        "FilterName": .replacing(.string), "LogGroupName": .replacing(.string, isRequired: true),
        "FilterPattern": .inPlace(.string, isRequired: true), "DestinationArn": .inPlace(.string, isRequired: true),
        "RoleArn": .inPlace(.string), "Distribution": .inPlace(.string),
        "ApplyOnTransformedLogs": .inPlace(.boolean), "FieldSelectionCriteria": .inPlace(.string),
        "EmitSystemFields": .inPlace(.list(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("FilterName")
        var input = LogsParts.members(request)
        input["filterName"] = .string(name)
        try await request.call("logs", "PutSubscriptionFilter", input)
        return ResourceResult(name)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "logs", "DeleteSubscriptionFilter",
            ["logGroupName": request["LogGroupName"] ?? "", "filterName": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Logs::MetricFilter`. `Ref`: the name.
struct LogsMetricFilter: ResourceType {
    let name = "AWS::Logs::MetricFilter"
    let nameProperty: String? = "FilterName"
    let attributes: [String] = []
    let properties: [String: PropertyRule] = [
        "FilterName": .replacing(.string), "LogGroupName": .replacing(.string, isRequired: true),
        "FilterPattern": .inPlace(.string, isRequired: true),
        "MetricTransformations": .inPlace(
            .list(
                .object([
                    "MetricName": .string, "MetricNamespace": .string, "MetricValue": .string, "DefaultValue": .number,
                    "Unit": .string, "Dimensions": .list(.object(["Key": .string, "Value": .string])),
                ])), isRequired: true), "ApplyOnTransformedLogs": .inPlace(.boolean),
        "FieldSelectionCriteria": .inPlace(.string), "EmitSystemFieldDimensions": .inPlace(.list(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("FilterName")
        var input = LogsParts.members(request)
        input["filterName"] = .string(name)
        input["metricTransformations"] = .array(
            (input["metricTransformations"]?.array ?? []).map { transformation in
                var transformation = transformation
                if let dimensions = transformation["dimensions"]?.array {
                    transformation["dimensions"] = .object(
                        JSON.Object(dimensions.map { ($0["key"]?.string ?? "", $0["value"] ?? "") }))
                }
                return transformation
            })
        try await request.call("logs", "PutMetricFilter", input)
        return ResourceResult(name)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "logs", "DeleteMetricFilter",
            ["logGroupName": request["LogGroupName"] ?? "", "filterName": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Logs::ResourcePolicy`. `Ref`: the name.
struct LogsResourcePolicy: ResourceType {
    let name = "AWS::Logs::ResourcePolicy"
    let attributes: [String] = []
    let properties: [String: PropertyRule] = [
        "PolicyName": .replacing(.string, isRequired: true), "PolicyDocument": .inPlace(.document, isRequired: true),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await request.call(
            "logs", "PutResourcePolicy",
            [
                "policyName": request["PolicyName"] ?? "",
                "policyDocument": .string(request["PolicyDocument"]?.text() ?? ""),
            ])
        return ResourceResult(request.text("PolicyName") ?? "")
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "logs", "DeleteResourcePolicy", ["policyName": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Logs::QueryDefinition`. `Ref`: the id.
struct LogsQueryDefinition: ResourceType {
    let name = "AWS::Logs::QueryDefinition"
    let attributes = ["QueryDefinitionId"]
    let properties: [String: PropertyRule] = [
        "Name": .inPlace(.string, isRequired: true), "QueryString": .inPlace(.string, isRequired: true),
        "LogGroupNames": .inPlace(.list(.string)), "QueryLanguage": .inPlace(.string),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let answer = try await request.call("logs", "PutQueryDefinition", LogsParts.members(request))
        let id = answer.text("queryDefinitionId") ?? ""
        return ResourceResult(id, ["QueryDefinitionId": .string(id)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = LogsParts.members(request)
        input["queryDefinitionId"] = .string(request.physicalId)
        try await request.call("logs", "PutQueryDefinition", input)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "logs", "DeleteQueryDefinition", ["queryDefinitionId": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}
