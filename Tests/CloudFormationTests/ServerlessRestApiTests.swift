import AWSWire
import JSON
import Testing

@testable import CloudFormation

@Suite("REST APIs of serverless applications") struct ServerlessRestApiTests {
    private static func function(_ events: JSON) -> JSON {
        [
            "Type": "AWS::Serverless::Function",
            "Properties": ["Runtime": "python3.11", "Handler": "i.h", "InlineCode": "x", "Events": events],
        ]
    }

    private static func event(_ more: JSON = [:]) -> JSON {
        var properties: JSON = ["Path": "/pets/{id}", "Method": "get"]
        for (name, value) in more.object ?? [:] { properties[name] = value }
        return ["E": ["Type": "Api", "Properties": properties]]
    }

    private static func expanded(_ resources: JSON) throws -> JSON {
        try ServerlessTransform.expand(["Resources": resources])["Resources"] ?? [:]
    }

    /// The types by logical id, without function and role; the digest in names of deployments is left out.
    private static func types(_ resources: JSON) -> [String: String] {
        var types: [String: String] = [:]
        for (id, resource) in resources.object ?? [:] where !["F", "FRole", "M", "MRole"].contains(id) {
            let isDeployment = resource["Type"] == "AWS::ApiGateway::Deployment"
            types[isDeployment ? String(id.dropLast(10)) : id] = resource["Type"]?.string
        }
        return types
    }

    @Test("are there implicitly for functions that name none")
    func implicit() throws {
        let resources = try Self.expanded(["F": Self.function(Self.event())])
        #expect(
            Self.types(resources) == [
                "ServerlessRestApi": "AWS::ApiGateway::RestApi",
                "ServerlessRestApiDeployment": "AWS::ApiGateway::Deployment",
                "ServerlessRestApiProdStage": "AWS::ApiGateway::Stage", "FEPermissionProd": "AWS::Lambda::Permission",
            ])
        let method = resources["ServerlessRestApi"]?["Properties"]?["Body"]?["paths"]?["/pets/{id}"]?["get"]
        #expect(method?["x-amazon-apigateway-integration"]?["type"] == "aws_proxy")
        let source = resources["FEPermissionProd"]?["Properties"]?["SourceArn"]?["Fn::Sub"]?[0]?.string
        #expect(source?.hasSuffix("${__ApiId__}/${__Stage__}/GET/pets/*") == true)
    }

    @Test("start state machines")
    func machine() throws {
        let machine: JSON = [
            "Type": "AWS::Serverless::StateMachine",
            "Properties": ["Definition": [:], "Events": Self.event(["UnescapeMappingTemplate": true])],
        ]
        let resources = try Self.expanded(["M": machine])
        #expect(resources["MERole"]?["Properties"]?["Policies"]?[0]?["PolicyName"] == "MERoleStartExecutionPolicy")
        let method = resources["ServerlessRestApi"]?["Properties"]?["Body"]?["paths"]?["/pets/{id}"]?["get"]
        let template = method?["x-amazon-apigateway-integration"]?["requestTemplates"]?["application/json"]?["Fn::Sub"]
        #expect(
            template?.string == #"{"input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\'","'")", "#
                + #""stateMachineArn": "${M}"}"#)
    }

    @Test("have authorizers, keys and plans")
    func explicit() throws {
        let api: JSON = [
            "Type": "AWS::Serverless::Api",
            "Properties": [
                "StageName": "dev",
                "Auth": [
                    "DefaultAuthorizer": "T", "ApiKeyRequired": true, "Authorizers": ["T": ["FunctionArn": "arn"]],
                    "UsagePlan": ["CreateUsagePlan": "PER_API"],
                ],
            ],
        ]
        let stage: JSON = ["Type": "AWS::SQS::Queue", "Properties": ["QueueName": ["Ref": "A.Stage"]]]
        let resources = try Self.expanded([
            "A": api, "F": Self.function(Self.event(["RestApiId": ["Ref": "A"]])), "Q": stage,
        ])
        #expect(
            Self.types(resources) == [
                "A": "AWS::ApiGateway::RestApi", "ADeployment": "AWS::ApiGateway::Deployment",
                "AdevStage": "AWS::ApiGateway::Stage", "ATAuthorizerPermission": "AWS::Lambda::Permission",
                "AUsagePlan": "AWS::ApiGateway::UsagePlan", "AApiKey": "AWS::ApiGateway::ApiKey",
                "AUsagePlanKey": "AWS::ApiGateway::UsagePlanKey", "FEPermissiondev": "AWS::Lambda::Permission",
                "Q": "AWS::SQS::Queue",
            ])
        let body = resources["A"]?["Properties"]?["Body"]
        #expect(body?["paths"]?["/pets/{id}"]?["get"]?["security"] == [["T": []], ["api_key": []]])
        #expect(body?["securityDefinitions"]?["T"]?["name"] == "Authorization")
    }

    @Test(
        "are refused when they cannot be made",
        arguments: [
            (["A": ["Type": "AWS::Serverless::Api"]], "Missing required property 'StageName'"),
            (
                ["A": ["Type": "AWS::Serverless::Api", "Properties": ["StageName": "p", "Domain": [:]]]],
                "property Domain is not supported here"
            ),
            (["F": function(event(["RestApiId": ["Ref": "X"]]))], "RestApiId must be a valid reference"),
            (["F": function(event(["Auth": ["Authorizer": "X"]]))], "Unable to set Authorizer [X]"),
            (["F": function(event()), "G": function(event())], "defined multiple times for path"),
        ] as [(JSON, String)])
    func refused(resources: JSON, message: String) {
        let error = #expect(throws: AWSError.self) { try Self.expanded(resources) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
}
