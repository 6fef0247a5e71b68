import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import EventBridge
import Foundation
import JSON
import SQS
import Testing

@testable import S3

@Suite("Notifications of buckets")
struct NotificationTests {
    private struct Bench {
        let host: TestHost

        init() async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                "baton-s3-\(RandomSource().uuid())")
            host = try await TestHost([S3(), SQS(), EventBridge()], place: .folder(folder.path))
            try await host.call("s3", "CreateBucket", ["Bucket": "data"])
            try await host.call("sqs", "CreateQueue", ["QueueName": "q"])
        }

        func configure(_ configuration: JSON) async throws(AWSError) {
            try await host.call(
                "s3", "PutBucketNotificationConfiguration",
                ["Bucket": "data", "NotificationConfiguration": configuration])
        }

        func queue(_ events: JSON, _ rules: JSON = []) -> JSON {
            [
                "QueueConfigurations": [
                    [
                        "Id": "n", "QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "Events": events,
                        "Filter": ["Key": ["FilterRules": rules]],
                    ]
                ]
            ]
        }

        func put(_ key: String) async throws {
            try await host.call("s3", "PutObject", ["Bucket": "data", "Key": .string(key), "Body": .bytes([0x61])])
        }

        func received() async throws -> [JSON] {
            await host.host.store.due.idle()
            let url: JSON = "http://localhost:4566/000000000000/q"
            let answer = try await host.call("sqs", "ReceiveMessage", ["QueueUrl": url, "MaxNumberOfMessages": 10])
            for message in answer["Messages"]?.array ?? [] {
                try await host.call(
                    "sqs", "DeleteMessage", ["QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] ?? ""])
            }
            return try (answer["Messages"]?.array ?? []).map { try JSON.parse($0["Body"]?.string ?? "") }
        }
    }

    @Test("begin with a test event and tell of objects in AWS's form")
    func form() async throws {
        let bench = try await Bench()
        try await bench.configure(bench.queue(["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"]))
        #expect(try await bench.received().map { $0["Event"]?.string } == ["s3:TestEvent"])
        try await bench.put("a b/ü.txt")
        try await bench.host.call("s3", "DeleteObject", ["Bucket": "data", "Key": "a b/ü.txt"])
        let records = try await bench.received().compactMap { $0["Records"]?[0] }
            .sorted { ($0["eventName"]?.string ?? "") < ($1["eventName"]?.string ?? "") }
        #expect(records.map { $0["eventName"]?.string } == ["ObjectCreated:Put", "ObjectRemoved:Delete"])
        let created = try #require(records.first)
        #expect(created["eventVersion"] == "2.1")
        #expect(created["s3"]?["configurationId"] == "n")
        #expect(created["s3"]?["bucket"]?["arn"] == "arn:aws:s3:::data")
        #expect(created["s3"]?["object"]?["key"] == "a+b/%C3%BC.txt")
        #expect(created["s3"]?["object"]?["size"] == 1)
        #expect(created["s3"]?["object"]?["eTag"] == "0cc175b9c0f1b6a831c399e269772661")
        #expect(records.last?["s3"]?["object"]?["size"] == nil)
    }

    /// Events, filter rules, keys that are put, how many messages come.
    static let filters: [(JSON, JSON, [String], Int)] = [
        (["s3:ObjectCreated:*"], [["Name": "prefix", "Value": "in/"]], ["in/a", "out/a"], 1),
        (["s3:ObjectCreated:Put"], [["Name": "Suffix", "Value": ".json"]], ["a.json", "a.csv"], 1),
        (["s3:ObjectCreated:Copy"], [], ["a"], 0),
        (
            ["s3:ObjectCreated:*"], [["Name": "prefix", "Value": "a"], ["Name": "suffix", "Value": "z"]],
            ["abz", "az", "ab"], 2
        ),
    ]

    @Test("come for the events and keys that are asked for", arguments: filters)
    func filter(events: JSON, rules: JSON, keys: [String], count: Int) async throws {
        let bench = try await Bench()
        try await bench.configure(bench.queue(events, rules))
        _ = try await bench.received()
        for key in keys { try await bench.put(key) }
        #expect(try await bench.received().count == count)
    }

    @Test("go to EventBridge where the bucket says so")
    func eventBridge() async throws {
        let bench = try await Bench()
        try await bench.host.call(
            "events", "PutRule",
            ["Name": "r", "EventPattern": #"{"source":["aws.s3"],"detail-type":["Object Created"]}"#])
        try await bench.host.call(
            "events", "PutTargets",
            ["Rule": "r", "Targets": [["Id": "t", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"]]])
        try await bench.configure(["EventBridgeConfiguration": [:]])
        try await bench.put("k")
        let event = try #require(try await bench.received().first)
        #expect(event["resources"] == ["arn:aws:s3:::data"])
        #expect(event["detail"]?["bucket"] == ["name": "data"])
        #expect(event["detail"]?["object"]?["key"] == "k")
        #expect(event["detail"]?["reason"] == "PutObject")
    }

    @Test("are refused when a destination is missing or two could get the same object")
    func refused() async throws {
        let bench = try await Bench()
        let absent: JSON = [
            "QueueConfigurations": [
                ["QueueArn": "arn:aws:sqs:us-east-1:000000000000:absent", "Events": ["s3:ObjectCreated:*"]]
            ]
        ]
        await #expect(throws: AWSError.self) { try await bench.configure(absent) }
        let queue: JSON = "arn:aws:sqs:us-east-1:000000000000:q"
        let twice: JSON = [
            "QueueConfigurations": [
                ["QueueArn": queue, "Events": ["s3:ObjectCreated:*"]],
                ["QueueArn": queue, "Events": ["s3:ObjectCreated:Put"]],
            ]
        ]
        await #expect(throws: AWSError.self) { try await bench.configure(twice) }
    }
}
