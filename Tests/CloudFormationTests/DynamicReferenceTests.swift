import AWSWire
import BatonTesting
import JSON
import SQS
import SSM
import SecretsManager
import Testing

@testable import CloudFormation

/// `{{resolve:…}}` in properties, and the resources of secrets and parameters.
struct DynamicReferenceTests {
    private let host: TestHost

    init() async throws {
        host = try await TestHost([SQS(), SecretsManager(), SSM(), CloudFormation()])
        let value = #"{"user":"u","port":5432,"nested":{"a":1}}"#
        try await host.call("secretsmanager", "CreateSecret", ["Name": "s", "SecretString": "old"])
        try await host.call("secretsmanager", "PutSecretValue", ["SecretId": "s", "SecretString": .string(value)])
        try await host.call("ssm", "PutParameter", ["Name": "/p", "Value": "1", "Type": "String"])
        try await host.call("ssm", "PutParameter", ["Name": "/p", "Value": "2", "Overwrite": true])
        try await host.call("ssm", "PutParameter", ["Name": "/x", "Value": "hidden", "Type": "SecureString"])
    }

    @Test(arguments: [
        ("plain {{text}}", "plain {{text}}"),
        ("{{resolve:ssm:/p}}", "2"),
        ("{{resolve:ssm:/p:1}}", "1"),
        ("<{{resolve:ssm:/p:1}}-{{resolve:ssm:/p}}>", "<1-2>"),
        ("{{resolve:ssm-secure:/x}}", "hidden"),
        ("{{resolve:secretsmanager:s:SecretString:user}}", "u"),
        ("{{resolve:secretsmanager:s:SecretString:port}}", "5432"),
        ("{{resolve:secretsmanager:s:SecretString:nested}}", #"{"a":1}"#),
        ("{{resolve:secretsmanager:s:SecretString::AWSPREVIOUS}}", "old"),
        ("{{resolve:secretsmanager:s::::}}", #"{"user":"u","port":5432,"nested":{"a":1}}"#),
        ("{{resolve:secretsmanager:ARN:SecretString:user}}", "u"),
        ("{{resolve:ssm:/p", "{{resolve:ssm:/p"),
    ])
    func resolves(_ text: String, _ expected: String) async throws {
        let arn = try await host.call("secretsmanager", "DescribeSecret", ["SecretId": "s"])["ARN"]?.string ?? ""
        let tree: JSON = ["a": [.string(text.replacing("ARN", with: arn)), 1]]
        let resolved = try await DynamicReferences(context: host.context()).resolved(tree)
        #expect(resolved == ["a": [.string(expected), 1]])
    }

    @Test(arguments: [
        ("{{resolve:ssm:/none}}", "Parameters: [ssm:/none] cannot be found."),
        ("{{resolve:ssm:/p:9}}", "Parameters: [ssm:/p:9] cannot be found."),
        ("{{resolve:ssm:/x}}", "Parameter /x is a SecureString: it must be referenced with ssm-secure."),
        ("{{resolve:secretsmanager:none}}", "Secrets Manager can't find the specified secret."),
        (
            "{{resolve:secretsmanager:s:SecretString:none}}",
            "Could not find a value associated with JSONKey in SecretString"
        ),
        ("{{resolve:secretsmanager:s:SecretString:user:AWSPREVIOUS}}", "Could not parse SecretString JSON"),
        (
            "{{resolve:secretsmanager:s:SecretBinary}}",
            "Incorrect format is used in the following dynamic reference: [{{resolve:secretsmanager:s:SecretBinary}}]"
        ),
        ("{{resolve:vault:s}}", "Incorrect format is used in the following dynamic reference: [{{resolve:vault:s}}]"),
    ])
    func complains(_ text: String, _ reason: String) async throws {
        do {
            _ = try await DynamicReferences(context: host.context()).resolved(.string(text))
            Issue.record("no error")
        } catch {
            #expect(error.reason == reason)
        }
    }

    private func deploy(_ operation: String, _ template: String) async throws -> JSON {
        try await host.call(
            "cloudformation", operation,
            ["StackName": "st", "TemplateBody": .string(template), "Tags": [["Key": "t", "Value": "1"]]])
        for _ in 0..<20 { await host.advance(byMs: 1000) }
        return try await host.call("cloudformation", "DescribeStacks", ["StackName": "st"])["Stacks"]?[0] ?? [:]
    }

    /// Numbers may be references too; a value that changed behind its reference changes nothing.
    @Test func aPropertyOfAnyKindMayBeAReference() async throws {
        let template = """
            Resources:
              Queue:
                Type: AWS::SQS::Queue
                Properties: {QueueName: q, DelaySeconds: '{{resolve:ssm:/p}}', Tags: [{Key: k, Value: 'DESCRIPTION'}]}
              Made:
                Type: AWS::SSM::Parameter
                Properties: {Name: /made, Type: String, Value: '{{resolve:secretsmanager:s:SecretString:user}}', Tags: {own: x}}
            """
        let made = try await deploy("CreateStack", template)
        #expect(made["StackStatus"] == "CREATE_COMPLETE")
        func delay() async throws -> JSON? {
            try await host.call(
                "sqs", "GetQueueAttributes",
                ["QueueUrl": "http://localhost:4566/000000000000/q", "AttributeNames": ["DelaySeconds"]])[
                    "Attributes"]?["DelaySeconds"]
        }
        #expect(try await delay() == "2")
        #expect(try await host.call("ssm", "GetParameter", ["Name": "/made"])["Parameter"]?["Value"] == "u")
        let tags = try await host.call(
            "ssm", "ListTagsForResource", ["ResourceType": "Parameter", "ResourceId": "/made"])
        #expect(tags["TagList"] == [["Key": "own", "Value": "x"], ["Key": "t", "Value": "1"]])
        try await host.call("ssm", "PutParameter", ["Name": "/p", "Value": "3", "Overwrite": true])
        let changed = try await deploy("UpdateStack", template.replacing("DESCRIPTION", with: "other"))
        #expect(changed["StackStatus"] == "UPDATE_COMPLETE")
    }

    @Test func aSecretIsGeneratedAndGoesWithItsStack() async throws {
        let template = """
            Resources:
              Secret:
                Type: AWS::SecretsManager::Secret
                Properties:
                  GenerateSecretString: {SecretStringTemplate: '{"user": "me"}', GenerateStringKey: pw, PasswordLength: 8}
                  ReplicaRegions: [{Region: eu-west-1}]
            Outputs: {Arn: {Value: !Ref Secret}}
            """
        let stack = try await deploy("CreateStack", template)
        let arn = stack["Outputs"]?[0]?["OutputValue"] ?? ""
        let text =
            try await host.call("secretsmanager", "GetSecretValue", ["SecretId": arn])["SecretString"]?.string ?? ""
        let value = try JSON.parse(text)
        #expect(value["user"] == "me")
        #expect(value["pw"]?.string?.count == 8)
        try await host.call("cloudformation", "DeleteStack", ["StackName": "st"])
        for _ in 0..<20 { await host.advance(byMs: 1000) }
        #expect(
            await host.failure("secretsmanager", "DescribeSecret", ["SecretId": arn])?.code
                == "ResourceNotFoundException")
    }
}
