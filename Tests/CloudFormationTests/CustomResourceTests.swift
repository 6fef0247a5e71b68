import AWSWire
import BatonTesting
import JSON
import SNS
import SQS
import Testing

@testable import CloudFormation

/// Custom resources behind a topic, whose messages the test reads from a queue and answers.
struct CustomResourceTests {
    private let host: TestHost
    private let topic: JSON
    private let queue: JSON

    init() async throws {
        host = try await TestHost([SQS(), SNS(), CloudFormation()])
        topic = try await host.call("sns", "CreateTopic", ["Name": "custom"])["TopicArn"] ?? ""
        queue = try await host.call("sqs", "CreateQueue", ["QueueName": "custom"])["QueueUrl"] ?? ""
        try await host.call(
            "sns", "Subscribe",
            [
                "TopicArn": topic, "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:000000000000:custom",
                "Attributes": ["RawMessageDelivery": "true"],
            ])
    }

    private func template(_ properties: String) -> JSON {
        .string(
            """
            Resources:
              Thing: {Type: Custom::Thing, Properties: {ServiceToken: '\(topic.string ?? "")', \(properties)}}
            Outputs:
              Id: {Value: !Ref Thing}
              Color: {Value: !GetAtt Thing.Color}
            """)
    }

    private func run(_ operation: String, _ input: JSON) async throws {
        try await host.call("cloudformation", operation, input)
        await host.advance(byMs: 0)
    }

    /// The next question to the custom resource.
    private func question() async throws -> JSON {
        let answer = try await host.call("sqs", "ReceiveMessage", ["QueueUrl": queue])
        let message = try #require(answer["Messages"]?[0])
        try await host.call(
            "sqs", "DeleteMessage", ["QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"] ?? ""])
        return try JSON.parse(message["Body"]?.string ?? "")
    }

    private func answer(_ question: JSON, _ body: JSON) async throws -> Int {
        let url = try #require(question["ResponseURL"]?.string)
        let path = try #require(url.firstRange(of: "/_aws/")).lowerBound
        let request = HTTPRequest(method: "PUT", path: String(url[path...]), body: .bytes(body.serialized()))
        let status = await ResponsePath.receive(request, host.host).status
        await host.advance(byMs: 0)
        return status
    }

    private func stack() async throws -> (status: String?, outputs: [String?]) {
        let stack = try await host.call("cloudformation", "DescribeStacks", ["StackName": "s"])["Stacks"]?[0]
        return (stack?["StackStatus"]?.string, (stack?["Outputs"]?.array ?? []).map { $0["OutputValue"]?.string })
    }

    @Test("are created, updated, replaced and deleted by their answers")
    func lifecycle() async throws {
        try await run("CreateStack", ["StackName": "s", "TemplateBody": template("Size: 3, On: true")])
        let create = try await question()
        #expect(create["RequestType"] == "Create")
        #expect(create["ResourceType"] == "Custom::Thing")
        #expect(create["ResourceProperties"] == ["ServiceToken": topic, "Size": "3", "On": "true"])
        #expect(try await stack().status == "CREATE_IN_PROGRESS")
        let success: JSON = ["Status": "SUCCESS", "PhysicalResourceId": "one", "Data": ["Color": "red"]]
        #expect(try await answer(create, success) == 200)
        #expect(try await stack() == ("CREATE_COMPLETE", ["one", "red"]))
        // Nobody waits any more.
        #expect(try await answer(create, success) == 404)

        try await run("UpdateStack", ["StackName": "s", "TemplateBody": template("Size: 4")])
        let update = try await question()
        #expect(update["RequestType"] == "Update")
        #expect(update["PhysicalResourceId"] == "one")
        #expect(update["OldResourceProperties"] == ["ServiceToken": topic, "Size": "3", "On": "true"])
        #expect(
            try await answer(
                update, ["Status": "SUCCESS", "PhysicalResourceId": "two", "Data": ["Color": "blue"]]) == 200)
        let discard = try await question()
        #expect(discard["RequestType"] == "Delete")
        #expect(discard["PhysicalResourceId"] == "one")
        #expect(try await stack().status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        _ = try await answer(discard, ["Status": "SUCCESS", "PhysicalResourceId": "one"])
        #expect(try await stack() == ("UPDATE_COMPLETE", ["two", "blue"]))

        try await run("DeleteStack", ["StackName": "s"])
        let delete = try await question()
        #expect(delete["PhysicalResourceId"] == "two")
        _ = try await answer(delete, ["Status": "SUCCESS"])
        #expect(await host.failure("cloudformation", "DescribeStacks", ["StackName": "s"]) != nil)
    }

    @Test("fail with the reason of their answer, and are deleted then")
    func failure() async throws {
        try await run("CreateStack", ["StackName": "s", "TemplateBody": template("Size: 3")])
        let create = try await question()
        _ = try await answer(create, ["Status": "FAILED", "Reason": "no room", "PhysicalResourceId": "half"])
        let delete = try await question()
        #expect(delete["RequestType"] == "Delete")
        #expect(delete["PhysicalResourceId"] == "half")
        _ = try await answer(delete, ["Status": "SUCCESS"])
        #expect(try await stack().status == "ROLLBACK_COMPLETE")
        let events = try await host.call("cloudformation", "DescribeStackEvents", ["StackName": "s"])
        let reasons = (events["StackEvents"]?.array ?? []).compactMap { $0["ResourceStatusReason"]?.string }
        let id = create["RequestId"]?.string ?? ""
        #expect(
            reasons.contains(
                "Received response status [FAILED] from custom resource. Message returned: no room (RequestId: \(id))"))
    }

    @Test("fail when nobody answers in time")
    func silence() async throws {
        try await run("CreateStack", ["StackName": "s", "TemplateBody": template("ServiceTimeout: 60")])
        let create = try await question()
        for _ in 0..<3 { await host.advance(byMs: 30_000) }
        #expect(try await question()["RequestType"] == "Delete")
        #expect(try await stack().status == "ROLLBACK_IN_PROGRESS")
        #expect(try await answer(["ResponseURL": "http://x/_aws/cloudformation/response/unknown"], [:]) == 404)
        #expect(create["RequestType"] == "Create")
    }

    @Test("wait conditions are there when their handle has the signals")
    func waitCondition() async throws {
        let template: JSON = """
            Resources:
              Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
              Wait:
                Type: AWS::CloudFormation::WaitCondition
                Properties: {Handle: !Ref Handle, Timeout: 100, Count: 2}
            Outputs: {Data: {Value: !GetAtt Wait.Data}, Url: {Value: !Ref Handle}}
            """
        try await run("CreateStack", ["StackName": "s", "TemplateBody": template])
        let resources = try await host.call("cloudformation", "DescribeStackResources", ["StackName": "s"])
        let handle = resources["StackResources"]?.array?.first { $0["LogicalResourceId"] == "Handle" }
        let url: JSON = ["ResponseURL": handle?["PhysicalResourceId"] ?? ""]
        _ = try await answer(url, ["Status": "SUCCESS", "UniqueId": "a", "Reason": "r", "Data": "first"])
        #expect(try await stack().status == "CREATE_IN_PROGRESS")
        try await run(
            "SignalResource",
            ["StackName": "s", "LogicalResourceId": "Wait", "UniqueId": "b", "Status": "SUCCESS"])
        #expect(try await stack().status == "CREATE_COMPLETE")
        #expect(try await stack().outputs.first == #"{"a":"first","b":""}"#)
    }

    @Test("wait conditions end with their time")
    func waitTimeout() async throws {
        let template: JSON = """
            Resources:
              Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
              Wait: {Type: AWS::CloudFormation::WaitCondition, Properties: {Handle: !Ref Handle, Timeout: 50}}
            """
        try await run(
            "CreateStack", ["StackName": "s", "TemplateBody": template, "OnFailure": "DO_NOTHING"])
        for _ in 0..<3 { await host.advance(byMs: 30_000) }
        #expect(try await stack().status == "CREATE_FAILED")
        let events = try await host.call("cloudformation", "DescribeStackEvents", ["StackName": "s"])
        let reasons = (events["StackEvents"]?.array ?? []).compactMap { $0["ResourceStatusReason"]?.string }
        #expect(reasons.contains("WaitCondition timed out. Received 0 conditions when expecting 1"))
    }
}
