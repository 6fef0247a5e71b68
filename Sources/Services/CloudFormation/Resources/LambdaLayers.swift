import JSON

/// `AWS::Lambda::LayerVersion`. `Ref` and `LayerVersionArn`: the ARN of the version. Every change makes a new version.
struct LambdaLayerVersion: ResourceType {
    let name = "AWS::Lambda::LayerVersion"
    let attributes = ["LayerVersionArn"]
    let properties: [String: PropertyRule] = [
        "LayerName": .replacing(.string), "Description": .replacing(.string), "LicenseInfo": .replacing(.string),
        "CompatibleRuntimes": .replacing(.list(.string)), "CompatibleArchitectures": .replacing(.list(.string)),
        "Content": .replacing(
            .object(["S3Bucket": .string, "S3Key": .string, "S3ObjectVersion": .string]), isRequired: true),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["LayerName": .string(request.name("LayerName"))]
        for member in properties.keys.sorted() where member != "LayerName" { input[member] = request[member] }
        let answer = try await request.call("lambda", "PublishLayerVersion", input)
        let arn = answer.text("LayerVersionArn") ?? ""
        return ResourceResult(arn, ["LayerVersionArn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        let parts = request.physicalId.split(separator: ":").map(String.init)
        guard parts.count == 8, let version = Int(parts[7]) else { return }
        try await request.call(
            "lambda", "DeleteLayerVersion", ["LayerName": .string(parts[6]), "VersionNumber": .number(version)])
    }
}

/// `AWS::Lambda::LayerVersionPermission`. `Ref`: the version's ARN and the id of the statement.
struct LambdaLayerVersionPermission: ResourceType {
    let name = "AWS::Lambda::LayerVersionPermission"
    let attributes: [String] = ["Id"]
    let properties: [String: PropertyRule] = [
        "LayerVersionArn": .replacing(.string, isRequired: true), "Action": .replacing(.string, isRequired: true),
        "Principal": .replacing(.string, isRequired: true), "OrganizationId": .replacing(.string),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let (layer, version) = try Self.place(request.text("LayerVersionArn") ?? "")
        var input: JSON = ["LayerName": layer, "VersionNumber": version, "StatementId": .string(request.physicalId)]
        for member in ["Action", "Principal", "OrganizationId"] { input[member] = request[member] }
        try await request.make(
            "lambda", "AddLayerVersionPermission", input, exists: ["ResourceConflictException"])
        let id = "\(request.text("LayerVersionArn") ?? "")#\(request.physicalId)"
        return ResourceResult(id, ["Id": .string(id)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        let parts = request.physicalId.split(separator: "#").map(String.init)
        guard parts.count == 2 else { return }
        let (layer, version) = try Self.place(parts[0])
        try await request.call(
            "lambda", "RemoveLayerVersionPermission",
            ["LayerName": layer, "VersionNumber": version, "StatementId": .string(parts[1])],
            accepting: ["ResourceNotFoundException"])
    }

    private static func place(_ arn: String) throws(ResourceFailure) -> (layer: JSON, version: JSON) {
        let parts = arn.split(separator: ":").map(String.init)
        guard parts.count == 8, let version = Int(parts[7]) else {
            throw ResourceFailure(reason: "\(arn) is not the ARN of a layer version")
        }
        return (.string(parts[..<7].joined(separator: ":")), .number(version))
    }
}

/// `AWS::Lambda::Url`. `Ref` and `FunctionArn`: the ARN of the function; `FunctionUrl`.
struct LambdaURL: ResourceType {
    let name = "AWS::Lambda::Url"
    let attributes = ["FunctionArn", "FunctionUrl"]
    let properties: [String: PropertyRule] = [
        "TargetFunctionArn": .replacing(.string, isRequired: true), "Qualifier": .replacing(.string),
        "AuthType": .inPlace(.string, isRequired: true), "InvokeMode": .inPlace(.string),
        "Cors": .inPlace(
            .object([
                "AllowCredentials": .boolean, "AllowHeaders": .list(.string), "AllowMethods": .list(.string),
                "AllowOrigins": .list(.string), "ExposeHeaders": .list(.string), "MaxAge": .integer,
            ])),
    ]

    private func input(_ request: ResourceRequest, _ members: [String]) -> JSON {
        var input: JSON = ["FunctionName": request["TargetFunctionArn"] ?? ""]
        for member in ["Qualifier"] + members { input[member] = request[member] }
        return input
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await request.make(
            "lambda", "CreateFunctionUrlConfig", input(request, ["AuthType", "InvokeMode", "Cors"]),
            exists: ["ResourceConflictException"])
        return try await described(request)
    }

    private func described(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let answer = try await request.call("lambda", "GetFunctionUrlConfig", input(request, []))
        let arn = answer.text("FunctionArn") ?? ""
        return ResourceResult(
            arn, ["FunctionArn": .string(arn), "FunctionUrl": .string(answer.text("FunctionUrl") ?? "")])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = input(request, ["AuthType", "InvokeMode"])
        input["Cors"] = request["Cors"] ?? [:]
        try await request.call("lambda", "UpdateFunctionUrlConfig", input)
        return try await described(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "lambda", "DeleteFunctionUrlConfig", input(request, []), accepting: ["ResourceNotFoundException"])
    }
}
