import AWSWire
import BatonStore
import BatonTesting
import DynamoDBExpressions
import JSON
import Testing

@testable import DynamoDB

@Suite("Transactions")
struct TransactionTests {
    private func put(_ key: String, _ members: JSON = [:]) -> JSON {
        var put: JSON = ["TableName": "plain", "Item": ["pk": ["S": .string(key)]]]
        for (name, value) in members.object ?? [:] { put[name] = value }
        return ["Put": put]
    }

    private func keys(_ host: TestHost) async throws -> [String] {
        (try await host.dynamo("Scan", ["TableName": "plain"])["Items"]?.array ?? [])
            .compactMap { $0["pk"]?["S"]?.string }
    }

    @Test("put, update, delete and check items of several tables at once")
    func together() async throws {
        let host = try await dynamoHost()
        _ = try await host.dynamo("TransactWriteItems", ["TransactItems": [put("a"), put("b")]])
        let answer = try await host.dynamo(
            "TransactWriteItems",
            [
                "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE",
                "TransactItems": [
                    ["Delete": ["TableName": "plain", "Key": item(["pk": "a"])]],
                    [
                        "ConditionCheck": [
                            "TableName": "plain", "Key": item(["pk": "b"]),
                            "ConditionExpression": "attribute_exists(pk)",
                        ]
                    ],
                    [
                        "Update": [
                            "TableName": "full", "Key": item(["pk": "x", "sk": 1]),
                            "UpdateExpression": "SET g = :g ADD n :one",
                            "ExpressionAttributeValues": item([":g": "y", ":one": 1]),
                        ]
                    ],
                ],
            ])
        #expect(try await keys(host) == ["b"])
        #expect(
            try await host.dynamo("GetItem", ["TableName": "full", "Key": item(["pk": "x", "sk": 1])])["Item"]
                == item(["pk": "x", "sk": 1, "g": "y", "n": 1]))
        #expect(
            answer["ConsumedCapacity"] == [
                [
                    "TableName": "plain", "CapacityUnits": 4, "WriteCapacityUnits": 4,
                    "Table": ["CapacityUnits": 4, "WriteCapacityUnits": 4],
                ],
                [
                    "TableName": "full", "CapacityUnits": 4, "WriteCapacityUnits": 4,
                    "Table": ["CapacityUnits": 2, "WriteCapacityUnits": 2],
                    "GlobalSecondaryIndexes": ["by-g": ["CapacityUnits": 2, "WriteCapacityUnits": 2]],
                ],
            ])
        #expect(
            answer["ItemCollectionMetrics"]?["full"]?[0]?["ItemCollectionKey"] == item(["pk": "x"]))
    }

    @Test("change nothing when one of them cannot be done, and say why for each")
    func cancelled() async throws {
        let host = try await dynamoHost()
        _ = try await host.dynamo("PutItem", ["TableName": "plain", "Item": item(["pk": "old", "v": 1])])
        let failure = await host.failure(
            "dynamodb", "TransactWriteItems",
            [
                "TransactItems": [
                    put("new"),
                    put(
                        "old",
                        [
                            "ConditionExpression": "attribute_not_exists(pk)",
                            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                        ]),
                    [
                        "Update": [
                            "TableName": "plain", "Key": item(["pk": "third"]), "UpdateExpression": "SET a = b",
                        ]
                    ],
                    ["Delete": ["TableName": "plain", "Key": item(["sk": "x"])]],
                ]
            ])
        #expect(failure?.code == "TransactionCanceledException")
        #expect(
            failure?.message
                == "Transaction cancelled, please refer cancellation reasons for specific reasons "
                + "[None, ConditionalCheckFailed, ValidationError, ValidationError]")
        #expect(
            failure?.fields["CancellationReasons"] == [
                ["Code": "None"],
                [
                    "Code": "ConditionalCheckFailed", "Message": "The conditional request failed",
                    "Item": item(["pk": "old", "v": 1]),
                ],
                [
                    "Code": "ValidationError",
                    "Message": "The provided expression refers to an attribute that does not exist in the item",
                ],
                ["Code": "ValidationError", "Message": "The provided key element does not match the schema"],
            ])
        #expect(try await keys(host) == ["old"])
    }

    @Test("are done once for a token, for ten minutes")
    func tokens() async throws {
        let host = try await dynamoHost()
        func add(_ amount: Int, capacity: String = "NONE") -> JSON {
            [
                "ClientRequestToken": "t", "ReturnConsumedCapacity": .string(capacity),
                "TransactItems": [
                    [
                        "Update": [
                            "TableName": "plain", "Key": item(["pk": "a"]), "UpdateExpression": "ADD n :n",
                            "ExpressionAttributeValues": [":n": ["N": .string(String(amount))]],
                        ]
                    ]
                ],
            ]
        }
        func count() async throws -> JSON? {
            try await host.dynamo("GetItem", ["TableName": "plain", "Key": item(["pk": "a"])])["Item"]?["n"]
        }
        _ = try await host.dynamo("TransactWriteItems", add(1))
        let again = try await host.dynamo("TransactWriteItems", add(1, capacity: "TOTAL"))
        #expect(
            again["ConsumedCapacity"]
                == [["TableName": "plain", "CapacityUnits": 2, "ReadCapacityUnits": 2]])
        #expect(try await count() == ["N": "1"])
        #expect(
            await host.failure("dynamodb", "TransactWriteItems", add(2))?.code == "IdempotentParameterMismatchException"
        )
        await host.advance(byMs: 600_000)
        _ = try await host.dynamo("TransactWriteItems", add(2))
        #expect(try await count() == ["N": "3"])
    }

    @Test("read items as they are at one moment")
    func get() async throws {
        let host = try await dynamoHost()
        _ = try await host.dynamo("TransactWriteItems", ["TransactItems": [put("a"), put("b")]])
        func get(_ key: String, _ members: JSON = [:]) -> JSON {
            var get: JSON = ["TableName": "plain", "Key": ["pk": ["S": .string(key)]]]
            for (name, value) in members.object ?? [:] { get[name] = value }
            return ["Get": get]
        }
        #expect(
            try await host.dynamo(
                "TransactGetItems",
                [
                    "ReturnConsumedCapacity": "TOTAL",
                    "TransactItems": [get("b"), get("none"), get("a", ["ProjectionExpression": "v"])],
                ]) == [
                    "ConsumedCapacity": [["TableName": "plain", "CapacityUnits": 6, "ReadCapacityUnits": 6]],
                    "Responses": [["Item": item(["pk": "b"])], [:], ["Item": [:]]],
                ])
        #expect(
            await host.failure(
                "dynamodb", "TransactGetItems",
                ["TransactItems": [["Get": ["TableName": "plain", "Key": item(["x": "b"])]]]])?.message
                == "Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]")
    }

    @Test("refuse what is no transaction")
    func refused() async throws {
        let host = try await dynamoHost()
        func refusal(_ items: JSON) async -> String? {
            await host.refusal("TransactWriteItems", ["TransactItems": items])
        }
        #expect(
            await refusal([put("a"), put("a")])
                == "Transaction request cannot include multiple operations on one item")
        #expect(
            await refusal([[:]]) == "TransactItems can only contain one of Check, Put, Update or Delete")
        #expect(
            await refusal([put("a", ["ConditionExpression": "a ="])])
                == "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"")
        #expect(
            await refusal([["Put": ["TableName": "absent", "Item": item(["pk": "a"])]]])
                == "Requested resource not found")
    }
}

@Suite("Time to live")
struct ExpiryTests {
    /// Items of `plain` expire by their attribute `until`, in seconds from the beginning of the test.
    private struct Bench {
        let host: TestHost
        let startSeconds: Int

        init() async throws {
            host = try await dynamoHost()
            startSeconds = Int(host.clock.nowMs / 1000)
        }

        func put(_ key: String, after seconds: Int) async throws {
            _ = try await host.dynamo(
                "PutItem",
                ["TableName": "plain", "Item": item(["pk": .string(key), "until": .number(startSeconds + seconds)])])
        }

        func enable(_ isEnabled: Bool = true) async throws {
            _ = try await host.dynamo(
                "UpdateTimeToLive",
                [
                    "TableName": "plain",
                    "TimeToLiveSpecification": ["Enabled": .bool(isEnabled), "AttributeName": "until"],
                ])
        }

        var keys: [String] {
            get async throws {
                (try await host.dynamo("Scan", ["TableName": "plain"])["Items"]?.array ?? [])
                    .compactMap { $0["pk"]?["S"]?.string }.sorted()
            }
        }
    }

    @Test("removes items when their time has come, also those from before it was enabled")
    func expires() async throws {
        let bench = try await Bench()
        try await bench.put("before", after: 20)
        try await bench.enable()
        try await bench.put("late", after: 100)
        try await bench.put("soon", after: 10)
        try await bench.put("ancient", after: -6 * 365 * 86_400)
        _ = try await bench.host.dynamo("PutItem", ["TableName": "plain", "Item": item(["pk": "text", "until": "5"])])
        #expect(try await bench.keys == ["ancient", "before", "late", "soon", "text"])
        await bench.host.advance(byMs: 11_000)
        #expect(try await bench.keys == ["ancient", "before", "late", "text"])
        await bench.host.advance(byMs: 10_000)
        #expect(try await bench.keys == ["ancient", "late", "text"])
        try await bench.put("late", after: 200)
        await bench.host.advance(byMs: 100_000)
        #expect(try await bench.keys == ["ancient", "late", "text"])
        try await bench.enable(false)
        await bench.host.advance(byMs: 100_000)
        #expect(try await bench.keys == ["ancient", "late", "text"])
    }

    @Test("tells streams that the service removed the item")
    func stream() async throws {
        let bench = try await Bench()
        try await bench.enable()
        let table = try await bench.host.dynamo(
            "UpdateTable",
            [
                "TableName": "plain",
                "StreamSpecification": ["StreamEnabled": true, "StreamViewType": "OLD_IMAGE"],
            ])
        try await bench.put("a", after: 1)
        await bench.host.advance(byMs: 2000)
        let arn = table["TableDescription"]?["LatestStreamArn"] ?? ""
        let shard = try await bench.host.call("dynamodbstreams", "DescribeStream", ["StreamArn": arn])
        let iterator = try await bench.host.call(
            "dynamodbstreams", "GetShardIterator",
            [
                "StreamArn": arn, "ShardId": shard["StreamDescription"]?["Shards"]?[0]?["ShardId"] ?? "",
                "ShardIteratorType": "TRIM_HORIZON",
            ])
        let records = try await bench.host.call(
            "dynamodbstreams", "GetRecords", ["ShardIterator": iterator["ShardIterator"] ?? ""])["Records"]
        #expect(records?.array?.map { $0["eventName"] ?? "" } == ["INSERT", "REMOVE"])
        #expect(records?[0]?["userIdentity"] == nil)
        #expect(records?[1]?["userIdentity"] == ["PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"])
    }
}
