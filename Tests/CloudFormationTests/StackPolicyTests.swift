import AWSWire
import BatonStore
import BatonTesting
import Foundation
import JSON
import S3
import SQS
import Testing

@testable import CloudFormation

struct StackPolicyTests {
    private static let guarded: JSON = [
        "Statement": [
            ["Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"],
            ["Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Resource": "LogicalResourceId/Data*"],
            [
                "Effect": "Deny", "Action": "Update:Modify", "Resource": "*",
                "Condition": ["StringEquals": ["ResourceType": ["AWS::SNS::Topic"]]],
            ],
        ]
    ]

    @Test(arguments: [
        ("Update:Modify", "Queue", "AWS::SQS::Queue", nil),
        ("Update:Replace", "Queue", "AWS::SQS::Queue", nil),
        ("Update:Modify", "DataQueue", "AWS::SQS::Queue", nil),
        (
            "Update:Replace", "DataQueue", "AWS::SQS::Queue",
            "Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for resource "
                + "[LogicalResourceId/DataQueue]"
        ),
        (
            "Update:Modify", "Topic", "AWS::SNS::Topic",
            "Action denied by stack policy: Statement [#3] does not allow [Update:Modify] for resource "
                + "[LogicalResourceId/Topic]"
        ),
    ])
    func decides(_ action: String, _ logicalId: String, _ type: String, _ denial: String?) {
        #expect(StackPolicy(Self.guarded).denial(of: action, logicalId, type) == denial)
    }

    @Test func refusesWhatNoStatementAllows() {
        #expect(StackPolicy(["Statement": []]).denial(of: "Update:Modify", "Q", "T") != nil)
    }
}

/// Rules of operations on stacks, as callers set them.
final class StackRuleTests {
    private let host: TestHost
    /// Objects are files: each test has its own.
    private let folder = NSTemporaryDirectory() + "/baton-stack-rules-\(UUID().uuidString)"

    init() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        host = try await TestHost([SQS(), S3(), CloudFormation()], place: .folder(folder))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func run(_ operation: String, _ input: JSON) async throws {
        try await host.call("cloudformation", operation, input)
        await host.advance(byMs: 0)
    }

    private func queues() async throws -> [String] {
        let answer = try await host.call("sqs", "ListQueues")
        return (answer["QueueUrls"]?.array ?? []).compactMap { $0.string?.split(separator: "/").last.map(String.init) }
    }

    private func status() async throws -> String? {
        try await host.call("cloudformation", "DescribeStacks", ["StackName": "s"])["Stacks"]?[0]?["StackStatus"]?
            .string
    }

    private static func queue(_ name: String, delay: Int, policy: String = "Delete") -> String {
        "{Type: AWS::SQS::Queue, DeletionPolicy: \(policy), Properties: {QueueName: \(name), DelaySeconds: \(delay)}}"
    }

    @Test("a stack policy stops updates, unless the update brings another one")
    func policy() async throws {
        let policy: JSON =
            #"{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}"#
        let open: JSON =
            #"{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}"#
        func template(_ delay: Int, rest: String = "") -> JSON {
            .string("Resources: {Q: \(Self.queue("q", delay: delay))\(rest)}")
        }
        try await run(
            "CreateStack",
            [
                "StackName": "s", "StackPolicyBody": policy,
                "TemplateBody": template(1, rest: ", R: \(Self.queue("r", delay: 1))"),
            ])
        try await run(
            "UpdateStack",
            ["StackName": "s", "TemplateBody": template(2, rest: ", R: \(Self.queue("r", delay: 1))")])
        #expect(try await status() == "UPDATE_ROLLBACK_COMPLETE")
        try await run("UpdateStack", ["StackName": "s", "TemplateBody": template(1)])
        #expect(try await status() == "UPDATE_ROLLBACK_COMPLETE")
        #expect(try await queues() == ["q", "r"])
        try await run(
            "UpdateStack",
            ["StackName": "s", "TemplateBody": template(2), "StackPolicyDuringUpdateBody": open])
        #expect(try await status() == "UPDATE_COMPLETE")
        #expect(try await queues() == ["q"])
        try await run("UpdateStack", ["StackName": "s", "TemplateBody": template(3)])
        #expect(try await status() == "UPDATE_ROLLBACK_COMPLETE")
    }

    @Test("RetainExceptOnCreate lets what a failed creation made go with it", arguments: [(false, 1), (true, 0)])
    func retainExceptOnCreate(_ isSet: Bool, _ left: Int) async throws {
        let bad = "{Type: AWS::SQS::Queue, DependsOn: Q, Properties: {QueueName: no name}}"
        try await run(
            "CreateStack",
            [
                "StackName": "s", "RetainExceptOnCreate": .bool(isSet),
                "TemplateBody": .string("Resources: {Q: \(Self.queue("q", delay: 1, policy: "Retain")), Bad: \(bad)}"),
            ])
        #expect(try await status() == "ROLLBACK_COMPLETE")
        #expect(try await queues().count == left)
    }

    @Test("a forced deletion leaves behind what cannot be deleted")
    func forced() async throws {
        try await run(
            "CreateStack",
            [
                "StackName": "s",
                "TemplateBody": "Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketName: full-bucket}}}",
            ])
        try await host.call("s3", "PutObject", ["Bucket": "full-bucket", "Key": "k"])
        let force: JSON = ["StackName": "s", "DeletionMode": "FORCE_DELETE_STACK"]
        #expect(
            await host.failure("cloudformation", "DeleteStack", force)?.message.hasSuffix(
                "is only supported for stacks in the DELETE_FAILED state") == true)
        try await run("DeleteStack", ["StackName": "s"])
        #expect(try await status() == "DELETE_FAILED")
        try await run("DeleteStack", force)
        #expect(await host.failure("cloudformation", "DescribeStacks", ["StackName": "s"]) != nil)
        #expect(try await host.call("s3", "ListBuckets")["Buckets"]?.array?.count == 1)
    }

    @Test("ResourceTypes names what a template may have")
    func resourceTypes() async throws {
        func create(_ types: JSON) async -> String? {
            await host.failure(
                "cloudformation", "CreateStack",
                [
                    "StackName": "s", "ResourceTypes": types,
                    "TemplateBody": .string("Resources: {Q: \(Self.queue("q", delay: 1))}"),
                ])?.message
        }
        #expect(
            await create(["AWS::SNS::*"])
                == "Resource types [AWS::SQS::Queue] are not allowed by parameter ResourceTypes")
        #expect(await create(["AWS::SQS::*"]) == nil)
    }

    @Test("AWS::Include brings in members of a file")
    func include() async throws {
        try await host.call("s3", "CreateBucket", ["Bucket": "parts"])
        try await host.call(
            "s3", "PutObject", ["Bucket": "parts", "Key": "queue.yaml", "Body": .bytes(Array("DelaySeconds: 9".utf8))])
        let template: JSON = """
            Parameters: {Where: {Type: String, Default: 's3://parts/queue.yaml'}}
            Resources:
              Q:
                Type: AWS::SQS::Queue
                Properties:
                  QueueName: q
                  Fn::Transform: {Name: AWS::Include, Parameters: {Location: !Ref Where}}
            """
        try await run("CreateStack", ["StackName": "s", "TemplateBody": template])
        #expect(try await status() == "CREATE_COMPLETE")
        let attributes = try await host.call(
            "sqs", "GetQueueAttributes",
            ["QueueUrl": "http://localhost:4566/000000000000/q", "AttributeNames": ["DelaySeconds"]])
        #expect(attributes["Attributes"] == ["DelaySeconds": "9"])
        #expect(
            await host.failure(
                "cloudformation", "CreateStack",
                [
                    "StackName": "t",
                    "TemplateBody":
                        "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {Fn::Transform: {Name: Mine}}}}",
                ])?.message == "Macros are not supported here: Mine")
    }
}
