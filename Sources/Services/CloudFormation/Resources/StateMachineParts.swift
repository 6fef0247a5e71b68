import JSON

// What belongs to state machines: versions, aliases; and activities.

/// `AWS::StepFunctions::StateMachineVersion`. `Ref`: the ARN with the version.
struct StepFunctionsVersion: ResourceType {
    let name = "AWS::StepFunctions::StateMachineVersion"
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "StateMachineArn": .replacing(.string, isRequired: true), "StateMachineRevisionId": .replacing(.string),
        "Description": .replacing(.string),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["stateMachineArn": request["StateMachineArn"] ?? ""]
        input["revisionId"] = request["StateMachineRevisionId"]
        input["description"] = request["Description"]
        let answer = try await request.call("stepfunctions", "PublishStateMachineVersion", input)
        let arn = answer.text("stateMachineVersionArn") ?? ""
        return ResourceResult(arn, ["Arn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "stepfunctions", "DeleteStateMachineVersion", ["stateMachineVersionArn": .string(request.physicalId)],
            accepting: ["InvalidArn"])
    }
}

/// `AWS::StepFunctions::StateMachineAlias`. `Ref`: the ARN. A `DeploymentPreference` of whatever type shifts all at
/// once: there is no traffic to shift little by little.
struct StepFunctionsAlias: ResourceType {
    let name = "AWS::StepFunctions::StateMachineAlias"
    let nameProperty: String? = "Name"
    let nameLimit = 80
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "Description": .inPlace(.string),
        "RoutingConfiguration": .inPlace(.list(.object(["StateMachineVersionArn": .string, "Weight": .integer]))),
        "DeploymentPreference": .inPlace(
            .object([
                "StateMachineVersionArn": .string, "Type": .string, "Percentage": .integer, "Interval": .integer,
                "Alarms": .list(.string),
            ])),
    ]

    private func routes(_ request: ResourceRequest) throws(ResourceFailure) -> JSON {
        if let given = request["RoutingConfiguration"] { return APIName.deep(given) }
        guard let version = request["DeploymentPreference"]?["StateMachineVersionArn"] else {
            throw ResourceFailure(
                reason: "Exactly one of RoutingConfiguration and DeploymentPreference must be given")
        }
        return [["stateMachineVersionArn": version, "weight": 100]]
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = [
            "name": .string(request.name("Name")), "routingConfiguration": try routes(request),
        ]
        input["description"] = request["Description"]
        let answer = try await request.call("stepfunctions", "CreateStateMachineAlias", input)
        let arn = answer.text("stateMachineAliasArn") ?? ""
        return ResourceResult(arn, ["Arn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await request.call(
            "stepfunctions", "UpdateStateMachineAlias",
            [
                "stateMachineAliasArn": .string(request.physicalId), "description": request["Description"] ?? "",
                "routingConfiguration": try routes(request),
            ])
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "stepfunctions", "DeleteStateMachineAlias", ["stateMachineAliasArn": .string(request.physicalId)],
            accepting: ["ResourceNotFound", "InvalidArn"])
    }
}

/// `AWS::StepFunctions::Activity`. `Ref`: the ARN.
struct StepFunctionsActivity: ResourceType {
    let name = "AWS::StepFunctions::Activity"
    let nameProperty: String? = "Name"
    let nameLimit = 80
    let attributes = ["Arn", "Name"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "Tags": .inPlace(.tags),
        "EncryptionConfiguration": .replacing(
            .object(["Type": .string, "KmsKeyId": .string, "KmsDataKeyReusePeriodSeconds": .integer])),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("Name")
        var input: JSON = ["name": .string(name)]
        input["tags"] = request["Tags"].map(APIName.deep)
        input["encryptionConfiguration"] = request["EncryptionConfiguration"].map(APIName.deep)
        let answer = try await request.call("stepfunctions", "CreateActivity", input)
        let arn = answer.text("activityArn") ?? ""
        return ResourceResult(arn, ["Arn": .string(arn), "Name": .string(name)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await StepFunctionsTags.update(.string(request.physicalId), old["Tags"], request["Tags"], request)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "stepfunctions", "DeleteActivity", ["activityArn": .string(request.physicalId)],
            accepting: ["InvalidArn"])
    }
}
