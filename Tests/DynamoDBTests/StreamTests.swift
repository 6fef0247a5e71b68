import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import DynamoDBExpressions
import JSON
import Testing

@testable import DynamoDB

@Suite("Streams")
struct StreamTests {
    private struct Bench {
        let host: TestHost
        let arn: JSON

        init(_ view: String) async throws {
            host = try await TestHost([DynamoDB(), DynamoDBStreams()])
            let made = try await host.call(
                "dynamodb", "CreateTable",
                [
                    "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [["AttributeName": "id", "AttributeType": "S"]],
                    "KeySchema": [["AttributeName": "id", "KeyType": "HASH"]],
                    "StreamSpecification": ["StreamEnabled": true, "StreamViewType": .string(view)],
                ])
            arn = try #require(made["TableDescription"]?["LatestStreamArn"])
        }

        func put(_ id: String, _ value: String) async throws {
            try await host.call(
                "dynamodb", "PutItem",
                ["TableName": "orders", "Item": ["id": ["S": .string(id)], "v": ["S": .string(value)]]])
        }

        func delete(_ id: String) async throws {
            try await host.call("dynamodb", "DeleteItem", ["TableName": "orders", "Key": ["id": ["S": .string(id)]]])
        }

        func streams(_ operation: String, _ input: JSON) async throws(AWSError) -> JSON {
            try await host.call("dynamodbstreams", operation, input)
        }

        func shard() async throws -> JSON {
            let described = try await streams("DescribeStream", ["StreamArn": arn])
            return try #require(described["StreamDescription"]?["Shards"]?[0])
        }

        func iterator(_ type: String, _ sequence: JSON? = nil) async throws -> JSON {
            var input: JSON = [
                "StreamArn": arn, "ShardId": try await shard()["ShardId"] ?? "", "ShardIteratorType": .string(type),
            ]
            input["SequenceNumber"] = sequence
            return try #require(try await streams("GetShardIterator", input)["ShardIterator"])
        }

        func records(_ type: String = "TRIM_HORIZON", _ sequence: JSON? = nil) async throws -> [JSON] {
            let output = try await streams("GetRecords", ["ShardIterator": try await iterator(type, sequence)])
            return output["Records"]?.array ?? []
        }
    }

    /// A view type, the images of a new, a changed and a removed item, as texts.
    static let views: [(String, [String])] = [
        ("KEYS_ONLY", ["- -", "- -", "- -"]),
        ("NEW_IMAGE", ["a -", "b -", "- -"]),
        ("OLD_IMAGE", ["- -", "- a", "- b"]),
        ("NEW_AND_OLD_IMAGES", ["a -", "b a", "- b"]),
    ]

    @Test("tell of each change what their view type says", arguments: views)
    func view(view: String, images: [String]) async throws {
        let bench = try await Bench(view)
        try await bench.put("1", "a")
        try await bench.put("1", "b")
        try await bench.delete("1")
        let records = try await bench.records()
        #expect(records.map { $0["eventName"]?.string } == ["INSERT", "MODIFY", "REMOVE"])
        let found = records.map { record in
            ["NewImage", "OldImage"].map { record["dynamodb"]?[$0]?["v"]?["S"]?.string ?? "-" }.joined(separator: " ")
        }
        #expect(found == images)
        #expect(records.allSatisfy { $0["dynamodb"]?["Keys"] == ["id": ["S": "1"]] })
        #expect(records.allSatisfy { $0["dynamodb"]?["StreamViewType"]?.string == view })
        let sequences = records.compactMap { $0["dynamodb"]?["SequenceNumber"]?.string }
        #expect(sequences == sequences.sorted() && Set(sequences).count == 3)
    }

    @Test("do not tell of what changes nothing")
    func noChange() async throws {
        let bench = try await Bench("NEW_IMAGE")
        try await bench.put("1", "a")
        try await bench.put("1", "a")
        try await bench.delete("absent")
        #expect(try await bench.records().count == 1)
    }

    @Test("are read from every place")
    func iterators() async throws {
        let bench = try await Bench("KEYS_ONLY")
        for id in ["1", "2", "3"] { try await bench.put(id, "a") }
        let latest = try await bench.iterator("LATEST")
        let second = try await bench.records()[1]["dynamodb"]?["SequenceNumber"]
        func ids(_ records: [JSON]) -> [String?] { records.map { $0["dynamodb"]?["Keys"]?["id"]?["S"]?.string } }
        #expect(ids(try await bench.records("AT_SEQUENCE_NUMBER", second)) == ["2", "3"])
        #expect(ids(try await bench.records("AFTER_SEQUENCE_NUMBER", second)) == ["3"])
        try await bench.put("4", "a")
        let output = try await bench.streams("GetRecords", ["ShardIterator": latest])
        #expect(ids(output["Records"]?.array ?? []) == ["4"])
        let first = try await bench.streams(
            "GetRecords", ["ShardIterator": try await bench.iterator("TRIM_HORIZON"), "Limit": 3])
        let rest = try await bench.streams("GetRecords", ["ShardIterator": first["NextShardIterator"] ?? ""])
        #expect(ids(rest["Records"]?.array ?? []) == ["4"])
    }

    @Test("keep records for a day")
    func trim() async throws {
        let bench = try await Bench("KEYS_ONLY")
        try await bench.put("1", "a")
        let first = try await bench.records()[0]["dynamodb"]?["SequenceNumber"]
        await bench.host.advance(byMs: 43_200_000)
        try await bench.put("2", "a")
        await bench.host.advance(byMs: 43_200_000)
        #expect(try await bench.records().count == 1)
        await #expect(throws: AWSError.self) { try await bench.records("AT_SEQUENCE_NUMBER", first) }
        await bench.host.advance(byMs: 43_200_000)
        #expect(try await bench.records().isEmpty)
    }

    @Test("end when they are disabled, and stay readable for a day")
    func disabled() async throws {
        let bench = try await Bench("KEYS_ONLY")
        try await bench.put("1", "a")
        try await bench.host.call(
            "dynamodb", "UpdateTable", ["TableName": "orders", "StreamSpecification": ["StreamEnabled": false]])
        try await bench.put("2", "a")
        let output = try await bench.streams(
            "GetRecords", ["ShardIterator": try await bench.iterator("TRIM_HORIZON")])
        #expect(output["Records"]?.array?.count == 1)
        #expect(output["NextShardIterator"] == nil)
        #expect(try await bench.shard()["SequenceNumberRange"]?["EndingSequenceNumber"] != nil)
        #expect(try await bench.streams("ListStreams", ["TableName": "orders"])["Streams"]?.array?.count == 1)
        await bench.host.advance(byMs: 86_400_001)
        #expect(try await bench.streams("ListStreams", ["TableName": "orders"])["Streams"] == [])
    }

    @Test("refuse what is no place in them")
    func refused() async throws {
        let bench = try await Bench("KEYS_ONLY")
        await #expect(throws: AWSError.validation("Invalid ShardIterator")) {
            try await bench.streams("GetRecords", ["ShardIterator": "x"])
        }
        let absent = JSON.string("arn:aws:dynamodb:us-east-1:000000000000:table/absent/stream/2024-01-01T00:00:00.000")
        await #expect(throws: AWSError.self) { try await bench.streams("DescribeStream", ["StreamArn": absent]) }
    }
}
