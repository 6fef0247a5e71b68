import AWSWire
import JSON

/// `AWS::Serverless::HttpApi`, and functions that answer requests to it. Functions that name no API share the implicit
/// one, `ServerlessHttpApi`. Source: SAM specification, HttpApi resource and event.
enum ServerlessHttpApi {
    private static let implicit = "ServerlessHttpApi"

    static func attach(_ tree: JSON, to resources: inout JSON.Object) throws(AWSError) {
        for (id, resource) in tree["Resources"]?.object ?? [:]
        where resource["Type"]?.string == "AWS::Serverless::HttpApi" {
            for (name, made) in try api(id, resource, tree["Globals"]?["HttpApi"]) { resources[name] = made }
        }
        for (function, resource) in tree["Resources"]?.object ?? [:]
        where resource["Type"]?.string == "AWS::Serverless::Function" {
            for (name, event) in resource["Properties"]?["Events"]?.object ?? [:]
            where event["Type"]?.string == "HttpApi" {
                try connect(event["Properties"] ?? [:], function, "\(function)\(name)", tree, &resources)
            }
        }
    }

    /// The API and its stage. Assumed: definitions in OpenAPI are not read.
    private static func api(_ id: String, _ resource: JSON, _ globals: JSON?) throws(AWSError) -> JSON.Object {
        var given = globals ?? [:]
        for (name, value) in resource["Properties"]?.object ?? [:] { given[name] = value }
        guard given["DefinitionBody"] == nil, given["DefinitionUri"] == nil else {
            throw ServerlessFunction.invalid(id, "Definitions in OpenAPI are not supported here; use HttpApi events.")
        }
        var properties: JSON = ["Name": given["Name"] ?? ["Ref": "AWS::StackName"], "ProtocolType": "HTTP"]
        properties["Description"] = given["Description"]
        properties["DisableExecuteApiEndpoint"] = given["DisableExecuteApiEndpoint"]
        if let cors = given["CorsConfiguration"] {
            properties["CorsConfiguration"] =
                cors.bool == true ? ["AllowOrigins": ["*"]] : cors.object == nil ? nil : cors
        }
        properties["Tags"] = given["Tags"]
        var stage: JSON = [
            "ApiId": ["Ref": .string(id)], "StageName": given["StageName"] ?? "$default", "AutoDeploy": true,
        ]
        for name in ["StageVariables", "DefaultRouteSettings", "RouteSettings", "AccessLogSettings", "Tags"] {
            stage[name] = given[name]
        }
        var api = resource
        api["Type"] = "AWS::ApiGatewayV2::Api"
        api["Properties"] = properties
        let suffix = given["StageName"]?.string.map { $0.filter { $0.isLetter || $0.isNumber } } ?? "ApiGatewayDefault"
        return [id: api, "\(id)\(suffix)Stage": ["Type": "AWS::ApiGatewayV2::Stage", "Properties": stage]]
    }

    private static func connect(
        _ event: JSON, _ function: String, _ id: String, _ tree: JSON, _ resources: inout JSON.Object
    ) throws(AWSError) {
        let api = event["ApiId"] ?? ["Ref": .string(implicit)]
        if event["ApiId"] == nil, resources[implicit] == nil {
            let made = try Self.api(implicit, ["Type": "AWS::Serverless::HttpApi"], tree["Globals"]?["HttpApi"])
            for (name, resource) in made { resources[name] = resource }
        }
        let method = (event["Method"]?.string ?? "ANY").uppercased()
        let path = event["Path"]?.string
        let key = path.map { "\(method == "*" || method == "X-AMAZON-APIGATEWAY-ANY-METHOD" ? "ANY" : method) \($0)" }
        let integration: JSON = [
            "ApiId": api, "IntegrationType": "AWS_PROXY",
            "IntegrationUri": ["Fn::GetAtt": [.string(function), "Arn"]],
            "PayloadFormatVersion": event["PayloadFormatVersion"] ?? "2.0",
            "TimeoutInMillis": event["TimeoutInMillis"] ?? 30_000,
        ]
        let route: JSON = [
            "ApiId": api, "RouteKey": .string(key ?? "$default"),
            "Target": ["Fn::Join": ["/", ["integrations", ["Ref": .string("\(id)Integration")]]]],
        ]
        let permission: JSON = [
            "Action": "lambda:InvokeFunction", "FunctionName": ["Ref": .string(function)],
            "Principal": "apigateway.amazonaws.com",
        ]
        resources["\(id)Integration"] = ["Type": "AWS::ApiGatewayV2::Integration", "Properties": integration]
        resources["\(id)Route"] = ["Type": "AWS::ApiGatewayV2::Route", "Properties": route]
        resources["\(id)Permission"] = ["Type": "AWS::Lambda::Permission", "Properties": permission]
    }
}
