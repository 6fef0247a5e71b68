import AWSWire
import BatonTesting
import JSON
import SNS
import SQS
import Testing

@testable import CloudFormation

/// Stacks of queues and topics, from request to resource.
struct StackTests {
    private let host: TestHost

    init() async throws { host = try await TestHost([SQS(), SNS(), CloudFormation()]) }

    private static let template = """
        Parameters:
          Delay: {Type: Number, Default: 0, MinValue: 0, MaxValue: 900}
          Name: {Type: String, Default: ''}
        Conditions:
          Named: !Not [!Equals [!Ref Name, '']]
        Resources:
          Queue:
            Type: AWS::SQS::Queue
            Properties:
              QueueName: !If [Named, !Ref Name, !Ref AWS::NoValue]
              DelaySeconds: !Ref Delay
          Topic: {Type: AWS::SNS::Topic}
          Subscription:
            Type: AWS::SNS::Subscription
            Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn}
        Outputs:
          Url: {Value: !Ref Queue}
          Topic: {Value: !Ref Topic, Export: {Name: !Sub '${AWS::StackName}-topic'}}
        """

    private func input(_ name: String, _ template: String = Self.template, _ parameters: [String: String] = [:]) -> JSON
    {
        let list = parameters.sorted { $0.key < $1.key }
            .map { JSON.object(["ParameterKey": .string($0.key), "ParameterValue": .string($0.value)]) }
        return ["StackName": .string(name), "TemplateBody": .string(template), "Parameters": .array(list)]
    }

    /// Calls an operation and lets everything happen that it started.
    @discardableResult
    private func run(_ operation: String, _ input: JSON) async throws -> JSON {
        let answer = try await host.call("cloudformation", operation, input)
        await host.advance(byMs: 0)
        return answer
    }

    private func stack(_ name: String) async throws -> JSON {
        let answer = try await host.call("cloudformation", "DescribeStacks", ["StackName": .string(name)])
        return answer["Stacks"]?[0] ?? [:]
    }

    private func output(_ name: String, _ key: String) async throws -> String? {
        try await stack(name)["Outputs"]?.array?.first { $0["OutputKey"]?.string == key }?["OutputValue"]?.string
    }

    /// `Logical STATUS: reason`, oldest first.
    private func events(_ name: String) async throws -> [String] {
        let answer = try await host.call("cloudformation", "DescribeStackEvents", ["StackName": .string(name)])
        return (answer["StackEvents"]?.array ?? []).reversed().map { event in
            let reason = event["ResourceStatusReason"]?.string.map { ": \($0)" } ?? ""
            return "\(event["LogicalResourceId"]?.string ?? "") \(event["ResourceStatus"]?.string ?? "")\(reason)"
        }
    }

    @Test func createMakesTheResources() async throws {
        try await run("CreateStack", input("demo"))
        let stack = try await stack("demo")
        #expect(stack["StackStatus"] == "CREATE_COMPLETE")
        let url = try #require(try await output("demo", "Url"))
        #expect(url.contains("/demo-Queue-"))
        let queues = try await host.call("sqs", "ListQueues")
        #expect(queues["QueueUrls"] == [.string(url)])
        let events = try await events("demo")
        #expect(events.first == "demo CREATE_IN_PROGRESS: User Initiated")
        #expect(events.last == "demo CREATE_COMPLETE")
        #expect(
            events.filter { $0.hasPrefix("Queue ") } == [
                "Queue CREATE_IN_PROGRESS", "Queue CREATE_IN_PROGRESS: Resource creation Initiated",
                "Queue CREATE_COMPLETE",
            ])
        let exports = try await host.call("cloudformation", "ListExports")
        #expect(exports["Exports"]?[0]?["Name"] == "demo-topic")
    }

    @Test func updateInPlaceThenNothingThenReplacement() async throws {
        try await run("CreateStack", input("demo"))
        let before = try await output("demo", "Url")
        try await run("UpdateStack", input("demo", Self.template, ["Delay": "7"]))
        #expect(try await output("demo", "Url") == before)
        let attributes = try await host.call(
            "sqs", "GetQueueAttributes", ["QueueUrl": .string(before ?? ""), "AttributeNames": ["DelaySeconds"]])
        #expect(attributes["Attributes"] == ["DelaySeconds": "7"])
        let same = await host.failure("cloudformation", "UpdateStack", input("demo", Self.template, ["Delay": "7"]))
        #expect(same?.message == "No updates are to be performed.")
        try await run("UpdateStack", input("demo", Self.template, ["Name": "other"]))
        #expect(try await stack("demo")["StackStatus"] == "UPDATE_COMPLETE")
        #expect(try await output("demo", "Url")?.hasSuffix("/other") == true)
        #expect(try await host.call("sqs", "ListQueues")["QueueUrls"]?.array?.count == 1)
        let events = try await events("demo")
        #expect(
            events.contains(
                "Queue UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one."
            ))
        #expect(
            events.suffix(6) == [
                "demo UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "Subscription DELETE_IN_PROGRESS",
                "Subscription DELETE_COMPLETE", "Queue DELETE_IN_PROGRESS", "Queue DELETE_COMPLETE",
                "demo UPDATE_COMPLETE",
            ])
    }

    @Test func failureRollsBack() async throws {
        let template = """
            Resources:
              First: {Type: AWS::SQS::Queue, Properties: {QueueName: first}}
              Second: {Type: AWS::SQS::Queue, DependsOn: First, Properties: {QueueName: not a name}}
            """
        try await run("CreateStack", input("bad", template))
        let stack = try await stack("bad")
        #expect(stack["StackStatus"] == "ROLLBACK_COMPLETE")
        #expect(try await host.call("sqs", "ListQueues")["QueueUrls"]?.array ?? [] == [])
        let events = try await events("bad")
        #expect(
            events.contains(
                "bad ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Second]. Rollback requested by user."
            ))
        #expect(events.suffix(3) == ["First DELETE_IN_PROGRESS", "First DELETE_COMPLETE", "bad ROLLBACK_COMPLETE"])
    }

    @Test func failedUpdateRestores() async throws {
        let good = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, DelaySeconds: 1}}}"
        let bad = """
            Resources:
              Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, DelaySeconds: 2}}
              N: {Type: AWS::SQS::Queue, DependsOn: Q, Properties: {QueueName: n}}
              X: {Type: AWS::SQS::Queue, DependsOn: N, Properties: {Unknown: 1}}
            """
        try await run("CreateStack", input("demo", good))
        try await run("UpdateStack", input("demo", bad))
        #expect(try await stack("demo")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE")
        let url = try await host.call("sqs", "GetQueueUrl", ["QueueName": "q"])["QueueUrl"] ?? ""
        let attributes = try await host.call(
            "sqs", "GetQueueAttributes", ["QueueUrl": url, "AttributeNames": ["DelaySeconds"]])
        #expect(attributes["Attributes"] == ["DelaySeconds": "1"])
        #expect(try await host.call("sqs", "ListQueues")["QueueUrls"]?.array?.count == 1)
        #expect(try await events("demo").contains("X CREATE_FAILED: Encountered unsupported property Unknown"))
        let template = try await host.call("cloudformation", "GetTemplate", ["StackName": "demo"])
        #expect(template["TemplateBody"]?.string == good)
    }

    @Test func deleteTakesEverythingAway() async throws {
        let id = try await run("CreateStack", input("demo"))["StackId"] ?? ""
        try await run("DeleteStack", ["StackName": "demo"])
        #expect(try await host.call("sqs", "ListQueues")["QueueUrls"]?.array ?? [] == [])
        let gone = await host.failure("cloudformation", "DescribeStacks", ["StackName": "demo"])
        #expect(gone?.message == "Stack with id demo does not exist")
        let byId = try await host.call("cloudformation", "DescribeStacks", ["StackName": id])
        #expect(byId["Stacks"]?[0]?["StackStatus"] == "DELETE_COMPLETE")
        try await run("DeleteStack", ["StackName": "demo"])
    }

    @Test func exportsInUseStay() async throws {
        try await run("CreateStack", input("demo"))
        let user =
            "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Select [5, !Split [':', !ImportValue demo-topic]]}}}"
        try await run("CreateStack", input("user", user))
        #expect(try await stack("user")["StackStatus"] == "CREATE_COMPLETE")
        #expect(
            try await host.call("cloudformation", "ListImports", ["ExportName": "demo-topic"])["Imports"] == ["user"])
        let refused = await host.failure("cloudformation", "DeleteStack", ["StackName": "demo"])
        #expect(refused?.message == "Export demo-topic cannot be deleted as it is in use by user")
        try await run("DeleteStack", ["StackName": "user"])
        try await run("DeleteStack", ["StackName": "demo"])
    }

    /// What `aws cloudformation deploy` does.
    @Test func changeSetsCreateThenUpdate() async throws {
        func changeSet(_ name: String, _ type: String, _ parameters: [String: String]) -> JSON {
            var request = input("demo", Self.template, parameters)
            request["ChangeSetName"] = .string(name)
            request["ChangeSetType"] = .string(type)
            return request
        }
        try await run("CreateChangeSet", changeSet("first", "CREATE", [:]))
        #expect(try await stack("demo")["StackStatus"] == "REVIEW_IN_PROGRESS")
        let name: JSON = ["StackName": "demo", "ChangeSetName": "first"]
        let described = try await host.call("cloudformation", "DescribeChangeSet", name)
        #expect(described["Status"] == "CREATE_COMPLETE")
        #expect(described["Changes"]?.array?.count == 3)
        try await run("ExecuteChangeSet", name)
        #expect(try await stack("demo")["StackStatus"] == "CREATE_COMPLETE")
        try await run("CreateChangeSet", changeSet("same", "UPDATE", [:]))
        let same = try await host.call(
            "cloudformation", "DescribeChangeSet", ["StackName": "demo", "ChangeSetName": "same"])
        #expect(same["Status"] == "FAILED")
        #expect(same["StatusReason"]?.string == ChangeSetRecord.noChanges)
        try await run("CreateChangeSet", changeSet("next", "UPDATE", ["Name": "named"]))
        let next = try await host.call(
            "cloudformation", "DescribeChangeSet", ["StackName": "demo", "ChangeSetName": "next"])
        let changes = (next["Changes"]?.array ?? []).compactMap { $0["ResourceChange"] }
        #expect(
            changes.map { "\($0["LogicalResourceId"] ?? "") \($0["Replacement"] ?? "")" } == [
                "\"Queue\" \"True\"", "\"Subscription\" \"Conditional\"",
            ])
        try await run("ExecuteChangeSet", ["StackName": "demo", "ChangeSetName": "next"])
        #expect(try await stack("demo")["StackStatus"] == "UPDATE_COMPLETE")
    }

    @Test(
        arguments: [
            (
                "CreateStack", ["StackName": "a_b", "TemplateBody": "{}"],
                "1 validation error detected: Value 'a_b' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
            ),
            ("CreateStack", ["StackName": "s"], "Either Template URL or Template Body must be specified."),
            (
                "CreateStack", ["StackName": "s", "TemplateBody": "Resources: {A: {Type: AWS::Foo::Bar}}"],
                "Template format error: Unrecognized resource types: [AWS::Foo::Bar]"
            ),
            (
                "CreateStack",
                [
                    "StackName": "s",
                    "TemplateBody": "Resources: {A: {Type: AWS::IAM::Role, Properties: {RoleName: r}}}",
                ], "Requires capabilities : [CAPABILITY_NAMED_IAM]"
            ),
            (
                "CreateStack",
                [
                    "StackName": "s",
                    "TemplateBody": "{Resources: {A: {Type: AWS::SQS::Queue}}, Outputs: {O: {Value: !GetAtt A.Foo}}}",
                ], "Template error: resource A does not support attribute type Foo in Fn::GetAtt"
            ),
            ("UpdateStack", ["StackName": "s", "TemplateBody": "{}"], "Stack [s] does not exist"),
            ("DescribeStackResources", ["StackName": "s"], "Stack with id s does not exist"),
            ("DescribeStackEvents", ["StackName": "s"], "Stack [s] does not exist"),
            ("ListImports", ["ExportName": "e"], "Export 'e' is not imported by any stack."),
        ] as [(String, JSON, String)])
    func refuses(_ operation: String, _ input: JSON, _ message: String) async {
        #expect(await host.failure("cloudformation", operation, input)?.message == message)
    }

    @Test func retainedResourcesStay() async throws {
        let template = "Resources: {Q: {Type: AWS::SQS::Queue, DeletionPolicy: Retain, Properties: {QueueName: kept}}}"
        try await run("CreateStack", input("demo", template))
        try await run("DeleteStack", ["StackName": "demo"])
        #expect(try await host.call("sqs", "ListQueues")["QueueUrls"]?.array?.count == 1)
    }

    @Test func protectedStacksStay() async throws {
        var request = input("demo")
        request["EnableTerminationProtection"] = true
        try await run("CreateStack", request)
        let refused = await host.failure("cloudformation", "DeleteStack", ["StackName": "demo"])
        #expect(refused?.message == "Stack [demo] cannot be deleted while TerminationProtection is enabled")
        try await run("UpdateTerminationProtection", ["StackName": "demo", "EnableTerminationProtection": false])
        try await run("DeleteStack", ["StackName": "demo"])
    }
}
