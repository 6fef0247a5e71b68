import AWSWire
import JSON
import Testing

@testable import CloudFormation

@Suite("Serverless state machines")
struct ServerlessStateMachineTests {
    private static func expanded(_ properties: String) throws -> JSON {
        let template = """
            {"Resources": {"M": {"Type": "AWS::Serverless::StateMachine", "Properties": \(properties)}}}
            """
        return try ServerlessTransform.expand(try JSON.parse(template))["Resources"] ?? [:]
    }

    private static let machine = "AWS::StepFunctions::StateMachine"
    private static let definition = #""Definition": {"StartAt": "P", "States": {}}"#

    @Test(
        "become what they need",
        arguments: [
            (#""Role": "arn""#, ["M": machine]), (#""Type": "EXPRESS""#, ["M": machine, "MRole": "AWS::IAM::Role"]),
            (
                #""Role": "arn", "AutoPublishAlias": "live""#,
                [
                    "M": machine, "MVersion": "AWS::StepFunctions::StateMachineVersion",
                    "MAliaslive": "AWS::StepFunctions::StateMachineAlias",
                ]
            ),
            (
                #""Role": "arn", "Events": {"E": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}}"#,
                ["M": machine, "ME": "AWS::Events::Rule", "MERole": "AWS::IAM::Role"]
            ),
            (
                #""Role": "arn", "Events": {"E": {"Type": "EventBridgeRule", "Properties": {"Pattern": {}}}}"#,
                ["M": machine, "ME": "AWS::Events::Rule", "MERole": "AWS::IAM::Role"]
            ),
            (
                #""Role": "arn", "Events": {"E": {"Type": "ScheduleV2", "Properties": {"RoleArn": "r"}}}"#,
                ["M": machine, "ME": "AWS::Scheduler::Schedule"]
            ),
        ])
    func types(properties: String, expected: [String: String]) throws {
        let resources = try Self.expanded("{\(Self.definition), \(properties)}")
        let types = Dictionary((resources.object ?? [:]).map { ($0.key, $0.value["Type"]?.string ?? "") }) { $1 }
        #expect(types == expected)
    }

    @Test(
        "are refused when they cannot be made",
        arguments: [
            (#"{"Role": "arn"}"#, "Either 'Definition' or 'DefinitionUri' property must be specified."),
            (#"{"Role": "arn", "DefinitionUri": "here.json"}"#, "'DefinitionUri' is not a valid S3 Uri"),
            ("{\(definition), \"Colour\": 1}", "property Colour not defined"),
            (
                "{\(definition), \"Events\": {\"E\": {\"Type\": \"Pigeon\"}}}",
                "has the type Pigeon, which is not supported here."
            ),
        ])
    func refusals(properties: String, message: String) throws {
        let error = #expect(throws: AWSError.self) { try Self.expanded(properties) }
        #expect(error?.message.contains(message) == true)
    }

    @Test(
        "have their substitutions done",
        arguments: [
            ("${A}", "1"), ("x${A}y${A}z", "x1y1z"), ("${B}", "two"), ("${C}", "${C}"), ("$A", "$A"), ("", ""),
        ])
    func substitutions(text: String, expected: String) {
        let substitutions = Substitutions(["A": "1", "B": "two"])
        #expect(substitutions.applied(to: text) == expected)
        #expect(substitutions.applied(inside: [["k": .string(text)]]) == [["k": .string(expected)]])
    }
}
