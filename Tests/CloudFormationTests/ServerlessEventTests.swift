import AWSWire
import JSON
import Testing

@testable import CloudFormation

@Suite("Events of serverless functions") struct ServerlessEventTests {
    /// An event, the resources that it makes besides function and role, with their types.
    static let cases: [(JSON, [String: String])] = [
        (
            ["Type": "Schedule", "Properties": ["Schedule": "rate(1 hour)", "Enabled": false]],
            ["FE": "AWS::Events::Rule", "FEPermission": "AWS::Lambda::Permission"]
        ),
        (
            ["Type": "EventBridgeRule", "Properties": ["Pattern": ["source": ["s"]]]],
            ["FE": "AWS::Events::Rule", "FEPermission": "AWS::Lambda::Permission"]
        ),
        (
            ["Type": "ScheduleV2", "Properties": ["ScheduleExpression": "rate(1 hour)"]],
            ["FE": "AWS::Scheduler::Schedule", "FERole": "AWS::IAM::Role"]
        ),
        (
            ["Type": "S3", "Properties": ["Bucket": ["Ref": "B"], "Events": "s3:ObjectCreated:*"]],
            ["FEPermission": "AWS::Lambda::Permission"]
        ),
        (
            ["Type": "HttpApi", "Properties": ["Path": "/x", "Method": "get"]],
            [
                "FEIntegration": "AWS::ApiGatewayV2::Integration", "FERoute": "AWS::ApiGatewayV2::Route",
                "FEPermission": "AWS::Lambda::Permission", "ServerlessHttpApi": "AWS::ApiGatewayV2::Api",
                "ServerlessHttpApiApiGatewayDefaultStage": "AWS::ApiGatewayV2::Stage",
            ]
        ),
    ]

    private static func expanded(_ event: JSON) throws -> JSON {
        let function: JSON = [
            "Type": "AWS::Serverless::Function",
            "Properties": [
                "Runtime": "python3.11", "Handler": "index.handler", "InlineCode": "x", "Events": ["E": event],
            ],
        ]
        return try ServerlessTransform.expand(["Resources": ["F": function, "B": ["Type": "AWS::S3::Bucket"]]])
    }

    @Test("make what connects them", arguments: cases)
    func made(event: JSON, types: [String: String]) throws {
        var made: [String: String] = [:]
        for (name, resource) in try Self.expanded(event)["Resources"]?.object ?? [:]
        where !["F", "FRole", "B"].contains(name) {
            made[name] = resource["Type"]?.string
        }
        #expect(made == types)
    }

    @Test("set the notification of their bucket")
    func bucket() throws {
        let event = Self.cases[3].0
        let bucket = try Self.expanded(event)["Resources"]?["B"]
        let entry: JSON = ["Event": "s3:ObjectCreated:*", "Function": ["Fn::GetAtt": ["F", "Arn"]]]
        #expect(bucket?["Properties"]?["NotificationConfiguration"]?["LambdaConfigurations"] == [entry])
        #expect(bucket?["DependsOn"] == ["FEPermission"])
    }
}
