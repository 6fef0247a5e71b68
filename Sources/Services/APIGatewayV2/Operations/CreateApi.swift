import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes an HTTP API; with a target also a route to it and the stage `$default`.
///
/// WebSocket APIs are refused. Errors: BadRequestException. Source: API reference, CreateApi.
enum CreateApi: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        guard input["ProtocolType"]?.string == "HTTP" else {
            throw APIGatewayError.badRequest("Baton has HTTP APIs only: ProtocolType must be HTTP")
        }
        let id = Changes.id(context, 10)
        let api = APIRecord(
            id: id, account: context.account, region: context.region, body: body(input, id, context))
        let apis = context.service(APIGatewayV2.self).apis
        let (integrationId, routeId, nowMs) = (Changes.id(context), Changes.id(context), context.nowMs)
        return { transaction in
            var api = api
            try api.save(transaction)
            if let target = input["Target"]?.string {
                try connect(target, input, integrationId, routeId, nowMs, &api, transaction)
            }
            transaction.afterCommit { [api] in apis.put(api) }
            return api.body
        }
    }

    private static func body(_ input: JSON, _ id: String, _ context: Context) -> JSON {
        let port = context.endpoint.split(separator: ":").last.flatMap { Int($0) }.map { ":\($0)" } ?? ""
        var body: JSON = [
            "ApiEndpoint": .string("http://\(id).execute-api.localhost\(port)"), "ApiId": .string(id),
            "ApiKeySelectionExpression": "$request.header.x-api-key",
            "CreatedDate": .number(Timestamp.number(context.nowMs)), "DisableExecuteApiEndpoint": false,
            "IpAddressType": "ipv4", "ProtocolType": "HTTP",
            "RouteSelectionExpression": "$request.method $request.path", "Tags": [:],
        ]
        let kept = [
            "Name", "Description", "Version", "CorsConfiguration", "DisableExecuteApiEndpoint", "Tags", "IpAddressType",
        ]
        for name in kept { if let value = input[name] { body[name] = value } }
        return body
    }

    private static func connect(
        _ target: String, _ input: JSON, _ integrationId: String, _ routeId: String, _ nowMs: Int64,
        _ api: inout APIRecord, _ transaction: Transaction
    ) throws {
        let isFunction = target.hasPrefix("arn:")
        var integration = Defaults.of(.integration, nowMs)
        integration["IntegrationId"] = .string(integrationId)
        integration["IntegrationUri"] = .string(target)
        integration["IntegrationType"] = isFunction ? "AWS_PROXY" : "HTTP_PROXY"
        integration["PayloadFormatVersion"] = isFunction ? "2.0" : "1.0"
        if !isFunction { integration["IntegrationMethod"] = "ANY" }
        integration["ApiGatewayManaged"] = true
        var route = Defaults.of(.route, nowMs)
        route["RouteId"] = .string(routeId)
        route["RouteKey"] = input["RouteKey"] ?? "$default"
        route["Target"] = .string("integrations/\(integrationId)")
        route["ApiGatewayManaged"] = true
        var stage = Defaults.of(.stage, nowMs)
        stage["StageName"] = "$default"
        stage["AutoDeploy"] = true
        stage["ApiGatewayManaged"] = true
        try PartRules.check(.route, route, routeId, api, isNew: true)
        try api.put(.integration, integrationId, integration, transaction)
        try api.put(.route, routeId, route, transaction)
        try api.put(.stage, "$default", stage, transaction)
    }
}
