import BatonCore
import JSON

// The parts of REST APIs. `Ref`: the id, of a stage and a model the name.

private let unknown: Set<String> = ["NotFoundException"]

extension ResourceRequest {
    /// A call of API Gateway with the members of a template, whose names differ in case from those of the API.
    @discardableResult
    func gateway(
        _ operation: String, _ input: JSON, accepting: Set<String> = []
    ) async throws(ResourceFailure) -> Answer {
        try await call(
            "apigateway", operation, context.host.registry.spelled("apigateway", operation, input),
            accepting: accepting)
    }

    /// Patch operations that bring each property that differs to its new value.
    func patches(from old: JSON, _ paths: [String: String]) -> [JSON] {
        paths.sorted { $0.key < $1.key }.compactMap { property, path in
            guard old[property] != self[property] else { return nil }
            guard let value = self[property] else { return ["op": "remove", "path": .string(path)] }
            return ["op": "replace", "path": .string(path), "value": .string(value.string ?? value.text())]
        }
    }

    /// Members of a map or a list of texts that came, changed or went.
    func patches(from old: JSON?, to new: JSON?, at path: String) -> [JSON] {
        func place(_ name: String) -> JSON {
            .string("\(path)/\(name.replacing("~", with: "~0").replacing("/", with: "~1"))")
        }
        func names(_ tree: JSON?) -> [String] { tree?.object?.keys ?? tree?.array?.compactMap(\.string) ?? [] }
        let gone = names(old).filter { !names(new).contains($0) }.map { ["op": "remove", "path": place($0)] as JSON }
        let come = names(new).filter { old?[$0] != new?[$0] || old?[$0] == nil && !names(old).contains($0) }
        return gone
            + come.map { name in
                guard let value = new?[name] else { return ["op": "add", "path": place(name)] }
                return ["op": "replace", "path": place(name), "value": .string(value.string ?? value.text())]
            }
    }

    func patch(_ operation: String, _ input: JSON, _ patches: [JSON]) async throws(ResourceFailure) {
        guard !patches.isEmpty else { return }
        var input = input
        input["patchOperations"] = .array(patches)
        try await call("apigateway", operation, input)
    }
}

/// `AWS::ApiGateway::RestApi`.
struct RestApiResource: ResourceType {
    let name = "AWS::ApiGateway::RestApi"
    let attributes = ["RestApiId", "RootResourceId"]
    let properties: [String: PropertyRule] = [
        "Name": .inPlace(.string), "Description": .inPlace(.string), "ApiKeySourceType": .inPlace(.string),
        "BinaryMediaTypes": .inPlace(.list(.string)), "Body": .inPlace(.document), "CloneFrom": .inPlace(.string),
        "BodyS3Location": .inPlace(
            .object(["Bucket": .string, "Key": .string, "Version": .string, "ETag": .string])),
        "DisableExecuteApiEndpoint": .inPlace(.boolean),
        "EndpointConfiguration": .inPlace(
            .object(["Types": .list(.string), "VpcEndpointIds": .list(.string), "IpAddressType": .string])),
        "FailOnWarnings": .inPlace(.boolean), "MinimumCompressionSize": .inPlace(.integer), "Mode": .inPlace(.string),
        "Parameters": .inPlace(.map(.string)), "Policy": .inPlace(.document), "Tags": .inPlace(.tags),
        "SecurityPolicy": .inPlace(.string), "EndpointAccessMode": .inPlace(.string),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let body = try await body(request)
        var input: JSON = ["name": name(request, body)]
        let same = [
            "Description", "BinaryMediaTypes", "DisableExecuteApiEndpoint", "EndpointConfiguration",
            "MinimumCompressionSize", "SecurityPolicy", "EndpointAccessMode",
        ]
        for property in same { input[property] = request[property] }
        input["apiKeySource"] = request["ApiKeySourceType"]
        input["policy"] = request["Policy"].map { .string($0.text()) }
        if let tags = request["Tags"]?.array {
            input["tags"] = .object(JSON.Object(tags.map { ($0["Key"]?.string ?? "", $0["Value"] ?? "") }))
        }
        if let types = request["Parameters"]?["endpointConfigurationTypes"], input["EndpointConfiguration"] == nil {
            input["EndpointConfiguration"] = ["Types": [types]]
        }
        let made = try await request.gateway("CreateRestApi", input)
        let id = made.text("id") ?? ""
        request.progress.physicalId = id
        if let body { try await put(body, request, id) }
        return ResourceResult(id, ["RestApiId": .string(id), "RootResourceId": made["rootResourceId"] ?? ""])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let id = request.physicalId
        let body = try await body(request)
        if let body { try await put(body, request, id) }
        var patches = request.patches(
            from: old,
            [
                "Description": "/description", "ApiKeySourceType": "/apiKeySource", "Policy": "/policy",
                "DisableExecuteApiEndpoint": "/disableExecuteApiEndpoint",
                "MinimumCompressionSize": "/minimumCompressionSize",
            ])
        patches += request.patches(
            from: old["BinaryMediaTypes"], to: request["BinaryMediaTypes"], at: "/binaryMediaTypes")
        patches.append(["op": "replace", "path": "/name", "value": name(request, body)])
        if let type = request["EndpointConfiguration"]?["Types"]?[0], type != old["EndpointConfiguration"]?["Types"]?[0]
        {
            patches.append(["op": "replace", "path": "/endpointConfiguration/types/0", "value": type])
        }
        try await request.patch("UpdateRestApi", ["restApiId": .string(id)], patches)
        return ResourceResult(id, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.gateway("DeleteRestApi", ["restApiId": .string(request.physicalId)], accepting: unknown)
    }

    private func name(_ request: ResourceRequest, _ body: JSON?) -> JSON {
        request["Name"] ?? body?["info"]?["title"] ?? .string(request.physicalId)
    }

    private func body(_ request: ResourceRequest) async throws(ResourceFailure) -> JSON? {
        guard let place = request["BodyS3Location"] else { return request["Body"] }
        var input: JSON = ["Bucket": place["Bucket"] ?? "", "Key": place["Key"] ?? ""]
        input["VersionId"] = place["Version"]
        let object = try await request.call("s3", "GetObject", input)
        let text = String(decoding: object["Body"]?.bytes ?? [], as: UTF8.self)
        guard let tree = try? TemplateReader.read(text, allowsNull: true) else {
            throw ResourceFailure(reason: "The definition in S3 is neither JSON nor YAML")
        }
        return tree
    }

    private func put(_ body: JSON, _ request: ResourceRequest, _ id: String) async throws(ResourceFailure) {
        var info = body["info"] ?? [:]
        info["title"] = name(request, body)
        var body = body
        body["info"] = info
        var input: JSON = [
            "restApiId": .string(id), "mode": request["Mode"] ?? "overwrite", "body": .bytes(body.serialized()),
        ]
        input["parameters"] = request["Parameters"]
        try await request.call("apigateway", "PutRestApi", input)
    }
}

/// A part of REST APIs that is made and removed by operations of its own and changed by patch operations.
struct RestApiPart: ResourceType {
    let name: String
    let properties: [String: PropertyRule]
    let attributes: [String]
    /// `Model` of CreateModel, UpdateModel, DeleteModel.
    let kind: String
    /// The member of the answer that is the id, and that of inputs that names one.
    var member = "id"
    let input: String
    /// Properties that the API knows by other names.
    var names: [String: String] = [:]

    private func given(_ request: ResourceRequest) -> JSON {
        var input = request.properties
        for (property, member) in names { input[member] = request[property] }
        if let tags = request["Tags"]?.array {
            input["Tags"] = .object(JSON.Object(tags.map { ($0["Key"]?.string ?? "", $0["Value"] ?? "") }))
        }
        if let schema = request["Schema"] { input["Schema"] = .string(schema.text()) }
        return input
    }

    private func place(_ request: ResourceRequest) -> JSON {
        var place: JSON = [input: .string(request.physicalId)]
        place["restApiId"] = request["RestApiId"]
        return place
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input = given(request)
        if kind == "Model", input["Name"] == nil {
            input["Name"] = .string(request.physicalId.filter { $0.isLetter || $0.isNumber })
            input["ContentType"] = input["ContentType"] ?? "application/json"
        }
        if kind == "ApiKey", input["Name"] == nil { input["Name"] = .string(request.physicalId) }
        if kind == "UsagePlan", input["name"] == nil { input["name"] = .string(request.physicalId) }
        let made = try await request.gateway("Create\(kind)", input)
        let id = made.text(member) ?? request.physicalId
        return ResourceResult(id, JSON.Object(attributes.map { ($0, .string(id)) }))
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let scalars = properties.keys.filter { !["RestApiId", "Tags", "ApiStages", "StageKeys"].contains($0) }
        let paths = scalars.map { property in
            (property, "/\(APIName.of(names[property] ?? property))")
        }
        var patches = request.patches(from: old, Dictionary(uniqueKeysWithValues: paths))
        if kind == "UsagePlan" { patches += Self.stages(from: old["ApiStages"], to: request["ApiStages"]) }
        // Quotas and limits are objects, whose members differ in case.
        for (index, patch) in patches.enumerated() {
            guard let tree = patch["value"]?.string.flatMap({ try? JSON.parse($0) }), tree.object != nil,
                kind == "UsagePlan"
            else { continue }
            patches[index]["value"] = .string(APIName.deep(tree).text())
        }
        try await request.patch("Update\(kind)", place(request), patches)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        if kind == "UsagePlan", let stages = request["ApiStages"] {
            // A plan lets its stages go before it goes itself; they may be gone already.
            for patch in Self.stages(from: stages, to: nil) {
                var input = place(request)
                input["patchOperations"] = [patch]
                try await request.call(
                    "apigateway", "UpdateUsagePlan", input, accepting: unknown.union(["BadRequestException"]))
            }
        }
        try await request.call("apigateway", "Delete\(kind)", place(request), accepting: unknown)
    }

    private static func stages(from old: JSON?, to new: JSON?) -> [JSON] {
        func names(_ tree: JSON?) -> [String] {
            (tree?.array ?? []).map { "\($0["ApiId"]?.string ?? ""):\($0["Stage"]?.string ?? "")" }
        }
        func patch(_ op: String, _ name: String) -> JSON {
            ["op": .string(op), "path": "/apiStages", "value": .string(name)]
        }
        return names(old).filter { !names(new).contains($0) }.map { patch("remove", $0) }
            + names(new).filter { !names(old).contains($0) }.map { patch("add", $0) }
    }
}

extension RestApiPart {
    static let all: [any ResourceType] = [
        RestApiPart(
            name: "AWS::ApiGateway::Resource",
            properties: [
                "RestApiId": .replacing(.string, isRequired: true),
                "ParentId": .replacing(.string, isRequired: true), "PathPart": .replacing(.string, isRequired: true),
            ], attributes: ["ResourceId"], kind: "Resource", input: "resourceId"),
        RestApiPart(
            name: "AWS::ApiGateway::Model",
            properties: [
                "RestApiId": .replacing(.string, isRequired: true), "Name": .replacing(.string),
                "ContentType": .replacing(.string), "Description": .inPlace(.string), "Schema": .inPlace(.document),
            ], attributes: [], kind: "Model", member: "name", input: "modelName"),
        RestApiPart(
            name: "AWS::ApiGateway::RequestValidator",
            properties: [
                "RestApiId": .replacing(.string, isRequired: true), "Name": .replacing(.string),
                "ValidateRequestBody": .inPlace(.boolean), "ValidateRequestParameters": .inPlace(.boolean),
            ], attributes: ["RequestValidatorId"], kind: "RequestValidator", input: "requestValidatorId"),
        RestApiPart(
            name: "AWS::ApiGateway::Authorizer",
            properties: [
                "RestApiId": .replacing(.string, isRequired: true), "Name": .inPlace(.string, isRequired: true),
                "Type": .inPlace(.string, isRequired: true), "AuthType": .inPlace(.string),
                "AuthorizerUri": .inPlace(.string), "AuthorizerCredentials": .inPlace(.string),
                "AuthorizerResultTtlInSeconds": .inPlace(.integer), "IdentitySource": .inPlace(.string),
                "IdentityValidationExpression": .inPlace(.string), "ProviderARNs": .inPlace(.list(.string)),
            ], attributes: ["AuthorizerId"], kind: "Authorizer", input: "authorizerId"),
        RestApiPart(
            name: "AWS::ApiGateway::ApiKey",
            properties: [
                "Name": .replacing(.string), "Description": .inPlace(.string), "Enabled": .inPlace(.boolean),
                "Value": .replacing(.string), "CustomerId": .inPlace(.string),
                "GenerateDistinctId": .replacing(.boolean), "Tags": .inPlace(.tags),
                "StageKeys": .inPlace(.list(.object(["RestApiId": .string, "StageName": .string]))),
            ], attributes: ["APIKeyId"], kind: "ApiKey", input: "apiKey"),
        RestApiPart(
            name: "AWS::ApiGateway::UsagePlan",
            properties: [
                "UsagePlanName": .inPlace(.string), "Description": .inPlace(.string), "Tags": .inPlace(.tags),
                "ApiStages": .inPlace(
                    .list(.object(["ApiId": .string, "Stage": .string, "Throttle": .any]))),
                "Quota": .inPlace(.object(["Limit": .integer, "Offset": .integer, "Period": .string])),
                "Throttle": .inPlace(.object(["BurstLimit": .integer, "RateLimit": .number])),
            ], attributes: ["Id"], kind: "UsagePlan", input: "usagePlanId", names: ["UsagePlanName": "name"]),
    ]
}
