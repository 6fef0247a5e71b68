import JSON

// The parts of HTTP APIs. `Ref`: the id, of a stage the name.

private let unknown: Set<String> = ["NotFoundException"]

/// `AWS::ApiGatewayV2::Api`.
struct ApiGatewayApi: ResourceType {
    let name = "AWS::ApiGatewayV2::Api"
    let attributes = ["ApiId", "ApiEndpoint"]
    let properties: [String: PropertyRule] = [
        "Name": .inPlace(.string), "ProtocolType": .replacing(.string), "Description": .inPlace(.string),
        "Version": .inPlace(.string), "Target": .replacing(.string), "RouteKey": .replacing(.string),
        "CredentialsArn": .inPlace(.string), "DisableExecuteApiEndpoint": .inPlace(.boolean),
        "CorsConfiguration": .inPlace(
            .object([
                "AllowCredentials": .boolean, "AllowHeaders": .list(.string), "AllowMethods": .list(.string),
                "AllowOrigins": .list(.string), "ExposeHeaders": .list(.string), "MaxAge": .integer,
            ])),
        "Tags": .inPlace(.map(.string)), "IpAddressType": .inPlace(.string),
        "ApiKeySelectionExpression": .inPlace(.string), "RouteSelectionExpression": .inPlace(.string),
        "DisableSchemaValidation": .inPlace(.boolean),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input = request.properties
        input["Name"] = input["Name"] ?? .string(request.physicalId)
        input["ProtocolType"] = input["ProtocolType"] ?? "HTTP"
        let made = try await request.call("apigatewayv2", "CreateApi", input)
        let id = made.text("ApiId") ?? ""
        return ResourceResult(id, ["ApiId": .string(id), "ApiEndpoint": made["ApiEndpoint"] ?? ""])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = request.properties
        for name in ["Tags", "ProtocolType", "Target", "RouteKey"] { input[name] = nil }
        input["ApiId"] = .string(request.physicalId)
        try await request.call("apigatewayv2", "UpdateApi", input)
        if old["CorsConfiguration"] != nil, request["CorsConfiguration"] == nil {
            try await request.call(
                "apigatewayv2", "DeleteCorsConfiguration", ["ApiId": .string(request.physicalId)])
        }
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "apigatewayv2", "DeleteApi", ["ApiId": .string(request.physicalId)], accepting: unknown)
    }
}

/// A part of an API that is made, changed and removed by operations of the same names.
protocol ApiGatewayPart: ResourceType {
    /// `Route`, `Integration` …
    var kind: String { get }
    /// What the physical id is called: `RouteId` …
    var idMember: String { get }
}

extension ApiGatewayPart {
    var name: String { "AWS::ApiGatewayV2::\(kind)" }
    var idMember: String { "\(kind)Id" }
    var attributes: [String] { [idMember, "Id"] }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let made = try await request.call("apigatewayv2", "Create\(kind)", request.properties)
        let id = made.text(idMember) ?? request.physicalId
        return ResourceResult(id, [idMember: .string(id), "Id": .string(id)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = request.properties
        input[idMember] = .string(request.physicalId)
        for name in ["Tags"] { input[name] = nil }
        try await request.call("apigatewayv2", "Update\(kind)", input)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "apigatewayv2", "Delete\(kind)",
            ["ApiId": request["ApiId"] ?? "", idMember: .string(request.physicalId)], accepting: unknown)
    }
}

/// `AWS::ApiGatewayV2::Route`.
struct ApiGatewayRoute: ApiGatewayPart {
    let kind = "Route"
    let properties: [String: PropertyRule] = [
        "ApiId": .replacing(.string, isRequired: true), "RouteKey": .inPlace(.string, isRequired: true),
        "Target": .inPlace(.string), "AuthorizationType": .inPlace(.string), "AuthorizerId": .inPlace(.string),
        "AuthorizationScopes": .inPlace(.list(.string)), "OperationName": .inPlace(.string),
        "ApiKeyRequired": .inPlace(.boolean), "RequestParameters": .inPlace(.any), "RequestModels": .inPlace(.any),
        "ModelSelectionExpression": .inPlace(.string), "RouteResponseSelectionExpression": .inPlace(.string),
    ]
}

/// `AWS::ApiGatewayV2::Integration`.
struct ApiGatewayIntegration: ApiGatewayPart {
    let kind = "Integration"
    let properties: [String: PropertyRule] = [
        "ApiId": .replacing(.string, isRequired: true), "IntegrationType": .inPlace(.string, isRequired: true),
        "IntegrationSubtype": .inPlace(.string), "IntegrationUri": .inPlace(.string),
        "IntegrationMethod": .inPlace(.string), "PayloadFormatVersion": .inPlace(.string),
        "CredentialsArn": .inPlace(.string), "Description": .inPlace(.string),
        "ConnectionId": .inPlace(.string), "ConnectionType": .inPlace(.string),
        "RequestParameters": .inPlace(.map(.string)), "ResponseParameters": .inPlace(.any),
        "TimeoutInMillis": .inPlace(.integer), "TlsConfig": .inPlace(.any),
        "ContentHandlingStrategy": .inPlace(.string), "PassthroughBehavior": .inPlace(.string),
        "RequestTemplates": .inPlace(.any), "TemplateSelectionExpression": .inPlace(.string),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await made("Create", request)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await made("Update", request)
    }

    /// Templates write changes of answers as lists, the API as maps.
    private func made(_ verb: String, _ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input = request.properties
        if let responses = input["ResponseParameters"]?.object {
            input["ResponseParameters"] = .object(
                JSON.Object(
                    responses.map { status, given in
                        guard let list = given["ResponseParameters"]?.array else { return (status, given) }
                        let pairs = list.map { ($0["Destination"]?.string ?? "", $0["Source"] ?? "") }
                        return (status, .object(JSON.Object(pairs)))
                    }))
        }
        if verb == "Update" { input[idMember] = .string(request.physicalId) }
        let made = try await request.call("apigatewayv2", "\(verb)Integration", input)
        let id = made.text(idMember) ?? request.physicalId
        return ResourceResult(id, [idMember: .string(id), "Id": .string(id)])
    }
}

/// `AWS::ApiGatewayV2::Stage`.
struct ApiGatewayStage: ApiGatewayPart {
    let kind = "Stage"
    let idMember = "StageName"
    let properties: [String: PropertyRule] = [
        "ApiId": .replacing(.string, isRequired: true), "StageName": .replacing(.string, isRequired: true),
        "AutoDeploy": .inPlace(.boolean), "DeploymentId": .inPlace(.string), "Description": .inPlace(.string),
        "StageVariables": .inPlace(.map(.string)), "DefaultRouteSettings": .inPlace(.any),
        "RouteSettings": .inPlace(.any), "AccessLogSettings": .inPlace(.any), "Tags": .inPlace(.map(.string)),
        "ClientCertificateId": .inPlace(.string), "AccessPolicyId": .inPlace(.string),
    ]
}

/// `AWS::ApiGatewayV2::Deployment`.
struct ApiGatewayDeployment: ApiGatewayPart {
    let kind = "Deployment"
    let properties: [String: PropertyRule] = [
        "ApiId": .replacing(.string, isRequired: true), "Description": .inPlace(.string),
        "StageName": .inPlace(.string),
    ]

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["ApiId": request["ApiId"] ?? "", "DeploymentId": .string(request.physicalId)]
        input["Description"] = request["Description"]
        try await request.call("apigatewayv2", "UpdateDeployment", input)
        return ResourceResult(request.physicalId, request.attributes)
    }
}
