import BatonCore
import JSON

/// `AWS::ApiGateway::Method`, with its integration and all answers.
struct RestApiMethod: ResourceType {
    let name = "AWS::ApiGateway::Method"
    let attributes: [String] = []
    private static let integration: [String: PropertyKind] = [
        "Type": .string, "Uri": .string, "IntegrationHttpMethod": .string, "Credentials": .string,
        "ConnectionId": .string, "ConnectionType": .string, "ContentHandling": .string,
        "PassthroughBehavior": .string, "TimeoutInMillis": .integer, "CacheNamespace": .string,
        "CacheKeyParameters": .list(.string), "RequestParameters": .map(.string), "RequestTemplates": .map(.string),
        "IntegrationTarget": .string, "ResponseTransferMode": .string,
        "IntegrationResponses": .list(
            .object([
                "StatusCode": .string, "SelectionPattern": .string, "ContentHandling": .string,
                "ResponseParameters": .map(.string), "ResponseTemplates": .map(.string),
            ])),
    ]
    let properties: [String: PropertyRule] = [
        "RestApiId": .replacing(.string, isRequired: true), "ResourceId": .replacing(.string, isRequired: true),
        "HttpMethod": .replacing(.string, isRequired: true), "ApiKeyRequired": .inPlace(.boolean),
        "AuthorizationType": .inPlace(.string), "AuthorizerId": .inPlace(.string),
        "AuthorizationScopes": .inPlace(.list(.string)), "OperationName": .inPlace(.string),
        "RequestModels": .inPlace(.map(.string)), "RequestParameters": .inPlace(.map(.boolean)),
        "RequestValidatorId": .inPlace(.string), "Integration": .inPlace(.object(RestApiMethod.integration)),
        "MethodResponses": .inPlace(
            .list(
                .object([
                    "StatusCode": .string, "ResponseModels": .map(.string), "ResponseParameters": .map(.boolean),
                ]))),
    ]

    private func place(_ request: ResourceRequest) -> JSON {
        [
            "restApiId": request["RestApiId"] ?? "", "resourceId": request["ResourceId"] ?? "",
            "httpMethod": .string((request.text("HttpMethod") ?? "").uppercased()),
        ]
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let place = place(request)
        func input(_ tree: JSON) -> JSON {
            var input = tree
            for (member, value) in place.object ?? [:] { input[member] = value }
            return input
        }
        var method = request.properties
        for property in ["RestApiId", "ResourceId", "HttpMethod", "Integration", "MethodResponses"] {
            method[property] = nil
        }
        method["authorizationType"] = request["AuthorizationType"] ?? "NONE"
        method["AuthorizationType"] = nil
        // What an interrupted run has made is made anew.
        try await request.gateway("DeleteMethod", place, accepting: ["NotFoundException"])
        try await request.gateway("PutMethod", input(method))
        for response in request["MethodResponses"]?.array ?? [] {
            try await request.gateway("PutMethodResponse", input(response))
        }
        if var integration = request["Integration"] {
            let responses = integration["IntegrationResponses"]?.array ?? []
            integration["IntegrationResponses"] = nil
            try await request.gateway("PutIntegration", input(integration))
            for response in responses { try await request.gateway("PutIntegrationResponse", input(response)) }
        }
        let parts = [request.text("RestApiId"), request.text("ResourceId"), request.text("HttpMethod")]
        return ResourceResult(parts.compactMap { $0 }.joined(separator: "|"))
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.gateway("DeleteMethod", place(request), accepting: ["NotFoundException"])
    }
}

/// `AWS::ApiGateway::GatewayResponse`.
struct RestApiGatewayResponse: ResourceType {
    let name = "AWS::ApiGateway::GatewayResponse"
    let attributes = ["Id"]
    let properties: [String: PropertyRule] = [
        "RestApiId": .replacing(.string, isRequired: true), "ResponseType": .replacing(.string, isRequired: true),
        "StatusCode": .inPlace(.string), "ResponseParameters": .inPlace(.map(.string)),
        "ResponseTemplates": .inPlace(.map(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await request.gateway("PutGatewayResponse", request.properties)
        let id = "\(request.text("RestApiId") ?? "")|\(request.text("ResponseType") ?? "")"
        return ResourceResult(id, ["Id": .string(id)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.gateway(
            "DeleteGatewayResponse",
            ["restApiId": request["RestApiId"] ?? "", "responseType": request["ResponseType"] ?? ""],
            accepting: ["NotFoundException"])
    }
}

/// `AWS::ApiGateway::UsagePlanKey`.
struct RestApiUsagePlanKey: ResourceType {
    let name = "AWS::ApiGateway::UsagePlanKey"
    let attributes = ["Id"]
    let properties: [String: PropertyRule] = [
        "KeyId": .replacing(.string, isRequired: true), "KeyType": .replacing(.string, isRequired: true),
        "UsagePlanId": .replacing(.string, isRequired: true),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await request.gateway(
            "CreateUsagePlanKey", request.properties, accepting: request.isRetry ? ["ConflictException"] : [])
        let id = "\(request.text("KeyId") ?? ""):\(request.text("UsagePlanId") ?? "")"
        return ResourceResult(id, ["Id": .string(id)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.gateway(
            "DeleteUsagePlanKey",
            ["usagePlanId": request["UsagePlanId"] ?? "", "keyId": request["KeyId"] ?? ""],
            accepting: ["NotFoundException"])
    }
}

/// `AWS::ApiGateway::Account`.
struct RestApiAccount: ResourceType {
    let name = "AWS::ApiGateway::Account"
    let attributes = ["Id"]
    let properties: [String: PropertyRule] = ["CloudWatchRoleArn": .inPlace(.string)]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await request.patch(
            "UpdateAccount", [:],
            [["op": "replace", "path": "/cloudwatchRoleArn", "value": request["CloudWatchRoleArn"] ?? ""]])
        return ResourceResult(request.physicalId, ["Id": .string(request.physicalId)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {}
}
