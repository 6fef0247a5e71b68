import JSON

// What belongs to state machines: versions; and activities.

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
