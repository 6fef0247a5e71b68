import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import GRDB
import JSON
import Testing

@testable import DynamoDB

@Suite("Tables")
struct TableOperationTests {
    @Test("are described completely")
    func described() async throws {
        let host = try await TestHost([DynamoDB()])
        let created = try await host.dynamo(
            "CreateTable",
            [
                "TableName": "t-1", "AttributeDefinitions": [["AttributeName": "pk", "AttributeType": "S"]],
                "KeySchema": [["AttributeName": "pk", "KeyType": "HASH"]],
                "ProvisionedThroughput": ["ReadCapacityUnits": 5, "WriteCapacityUnits": 6],
                "StreamSpecification": ["StreamEnabled": true, "StreamViewType": "NEW_IMAGE"],
                "SSESpecification": ["Enabled": true], "TableClass": "STANDARD", "DeletionProtectionEnabled": true,
                "Tags": [["Key": "team", "Value": "etl"]],
            ])
        #expect(created["TableDescription"]?["TableStatus"] == "CREATING")
        var table = try #require(try await host.dynamo("DescribeTable", ["TableName": "t-1"])["Table"])
        let id = try #require(table["TableId"]?.string)
        #expect(id.count == 36)
        let label = try #require(table["LatestStreamLabel"]?.string)
        #expect(label.count == 23)
        for name in ["TableId", "CreationDateTime", "LatestStreamLabel"] { table[name] = nil }
        #expect(
            table == [
                "TableName": "t-1", "TableStatus": "ACTIVE", "TableSizeBytes": 0, "ItemCount": 0,
                "TableArn": "arn:aws:dynamodb:us-east-1:000000000000:table/t-1",
                "AttributeDefinitions": [["AttributeName": "pk", "AttributeType": "S"]],
                "KeySchema": [["AttributeName": "pk", "KeyType": "HASH"]],
                "ProvisionedThroughput": [
                    "NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 6,
                ],
                "WarmThroughput": ["ReadUnitsPerSecond": 5, "WriteUnitsPerSecond": 6, "Status": "ACTIVE"],
                "StreamSpecification": ["StreamEnabled": true, "StreamViewType": "NEW_IMAGE"],
                "LatestStreamArn": .string("arn:aws:dynamodb:us-east-1:000000000000:table/t-1/stream/\(label)"),
                "SSEDescription": [
                    "Status": "ENABLED", "SSEType": "KMS",
                    "KMSMasterKeyArn": "arn:aws:kms:us-east-1:000000000000:alias/aws/dynamodb",
                ],
                "TableClassSummary": ["TableClass": "STANDARD"], "DeletionProtectionEnabled": true,
            ])
    }

    @Test("count their items and show their indexes")
    func counts() async throws {
        let host = try await dynamoHost()
        _ = try await host.dynamo("PutItem", ["TableName": "full", "Item": item(["pk": "a", "sk": 1, "g": "x"])])
        _ = try await host.dynamo("PutItem", ["TableName": "full", "Item": item(["pk": "a", "sk": 2])])
        let table = try #require(try await host.dynamo("DescribeTable", ["TableName": "full"])["Table"])
        #expect(table["ItemCount"] == 2)
        #expect(table["TableSizeBytes"] == 16)
        #expect(table["BillingModeSummary"]?["BillingMode"] == "PAY_PER_REQUEST")
        var global = try #require(table["GlobalSecondaryIndexes"]?[0])
        #expect(global["WarmThroughput"] != nil)
        global["WarmThroughput"] = nil
        #expect(
            global == [
                "IndexName": "by-g", "IndexStatus": "ACTIVE", "ItemCount": 1, "IndexSizeBytes": 0,
                "KeySchema": [["AttributeName": "g", "KeyType": "HASH"]],
                "Projection": ["ProjectionType": "INCLUDE", "NonKeyAttributes": ["proj"]],
                "ProvisionedThroughput": [
                    "NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0,
                ],
                "IndexArn": "arn:aws:dynamodb:us-east-1:000000000000:table/full/index/by-g",
            ])
        #expect(table["LocalSecondaryIndexes"]?[0]?["IndexName"] == "by-l")
    }

    @Test(
        "are refused with AWS's words",
        arguments: [
            (
                #"{"ProvisionedThroughput":null}"#,
                "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            ),
            (
                #"{"BillingMode":"PAY_PER_REQUEST"}"#,
                "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
            ),
            (
                #"{"ProvisionedThroughput":{"ReadCapacityUnits":1000000000001,"WriteCapacityUnits":1}}"#,
                "Given value 1000000000001 for ReadCapacityUnits is out of bounds"
            ),
            (
                #"{"KeySchema":[{"AttributeName":"x","KeyType":"HASH"}]}"#,
                "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [pk]"
            ),
            (
                #"{"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"pk","KeyType":"RANGE"}]}"#,
                "Invalid KeySchema: Some index key attribute have no definition"
            ),
            (
                #"{"KeySchema":[{"AttributeName":"pk","KeyType":"RANGE"}]}"#,
                "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
            ),
            (
                #"{"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"x","AttributeType":"S"}]}"#,
                "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
            ),
            (
                #"{"LocalSecondaryIndexes":[]}"#,
                "One or more parameter values were invalid: List of LocalSecondaryIndexes is empty"
            ),
            (
                #"{"GlobalSecondaryIndexes":[]}"#,
                "One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty"
            ),
            (
                #"{"LocalSecondaryIndexes":[{"IndexName":"abc","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}"#,
                "One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
            ),
            (
                #"{"GlobalSecondaryIndexes":[{"IndexName":"abc","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Projection":{}}]}"#,
                "One or more parameter values were invalid: Unknown ProjectionType: null"
            ),
            (
                #"{"GlobalSecondaryIndexes":[{"IndexName":"abc","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY","NonKeyAttributes":["x"]}}]}"#,
                "One or more parameter values were invalid: ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"
            ),
        ])
    func refused(change: String, message: String) async throws {
        let host = try await TestHost([DynamoDB()])
        var input: JSON = [
            "TableName": "t-1", "AttributeDefinitions": [["AttributeName": "pk", "AttributeType": "S"]],
            "KeySchema": [["AttributeName": "pk", "KeyType": "HASH"]],
            "ProvisionedThroughput": ["ReadCapacityUnits": 5, "WriteCapacityUnits": 6],
        ]
        for (name, value) in try JSON.parse(change).object ?? [:] { input[name] = value }
        #expect(await host.refusal("CreateTable", input) == message)
    }

    @Test("exist once, are listed by name and in pages, and go with their items")
    func lifecycle() async throws {
        let host = try await dynamoHost()
        let again = await host.failure(
            "dynamodb", "CreateTable",
            [
                "TableName": "plain", "AttributeDefinitions": [["AttributeName": "pk", "AttributeType": "S"]],
                "KeySchema": [["AttributeName": "pk", "KeyType": "HASH"]], "BillingMode": "PAY_PER_REQUEST",
            ])
        #expect(again == AWSError("ResourceInUseException", "Table already exists: plain"))
        #expect(try await host.dynamo("ListTables", [:]) == ["TableNames": ["full", "plain"]])
        #expect(
            try await host.dynamo("ListTables", ["Limit": 1])
                == ["TableNames": ["full"], "LastEvaluatedTableName": "full"])
        #expect(
            try await host.dynamo("ListTables", ["ExclusiveStartTableName": "full"]) == ["TableNames": ["plain"]])
        _ = try await host.dynamo("PutItem", ["TableName": "full", "Item": item(["pk": "a", "sk": 1, "g": "x"])])
        let deleted = try await host.dynamo("DeleteTable", ["TableName": "full"])
        #expect(deleted["TableDescription"]?["TableStatus"] == "DELETING")
        #expect(
            await host.failure("dynamodb", "DescribeTable", ["TableName": "full"])
                == AWSError("ResourceNotFoundException", "Requested resource not found: Table: full not found"))
        #expect(
            await host.refusal("PutItem", ["TableName": "full", "Item": item(["pk": "a", "sk": 1])])
                == "Requested resource not found")
        await host.host.store.due.idle()
        let left = try host.host.store.read { db in
            try db.row("SELECT (SELECT count(*) FROM ddb_items) + (SELECT count(*) FROM ddb_index_items) AS count")
        }
        #expect(left?["Count"] == 0)
    }

    @Test("that are protected stay")
    func protection() async throws {
        let host = try await dynamoHost()
        _ = try await host.dynamo("UpdateTable", ["TableName": "plain", "DeletionProtectionEnabled": true])
        #expect(
            await host.refusal("DeleteTable", ["TableName": "plain"])
                == "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
        )
        _ = try await host.dynamo("UpdateTable", ["TableName": "plain", "DeletionProtectionEnabled": false])
        #expect(await host.refusal("DeleteTable", ["TableName": "plain"]) == nil)
        await host.host.store.due.idle()
    }

    @Test("a write that was prepared before its table went, or got an index, does the right thing")
    func staleTable() async throws {
        let host = try await dynamoHost()
        let context = host.context()
        let put: JSON = ["TableName": "plain", "Item": item(["pk": "a", "g": "x"])]
        let first = try context.enlist("dynamodb", "PutItem", put)
        _ = try await host.dynamo("UpdateTable", Self.addingIndex)
        _ = try await context.write(first)
        let found = try await host.dynamo(
            "Query",
            [
                "TableName": "plain", "IndexName": "by-g", "KeyConditionExpression": "g = :g",
                "ExpressionAttributeValues": [":g": ["S": "x"]],
            ])
        #expect(found["Count"] == 1)
        let second = try context.enlist("dynamodb", "PutItem", put)
        _ = try await host.dynamo("DeleteTable", ["TableName": "plain"])
        await #expect(throws: AWSError.resourceNotFound) { _ = try await context.write(second) }
        await host.host.store.due.idle()
    }

    static let addingIndex: JSON = [
        "TableName": "plain", "AttributeDefinitions": [["AttributeName": "g", "AttributeType": "S"]],
        "GlobalSecondaryIndexUpdates": [
            [
                "Create": [
                    "IndexName": "by-g", "KeySchema": [["AttributeName": "g", "KeyType": "HASH"]],
                    "Projection": ["ProjectionType": "ALL"],
                ]
            ]
        ],
    ]

    @Test("a new index takes in what was there before, however much", arguments: [3, 2500])
    func backfill(count: Int) async throws {
        let host = try await dynamoHost()
        for start in stride(from: 0, to: count, by: 25) {
            let puts = (start..<min(start + 25, count)).map { number -> JSON in
                ["PutRequest": ["Item": item(["pk": .string("k\(number)"), "g": "x"])]]
            }
            _ = try await host.dynamo("BatchWriteItem", ["RequestItems": ["plain": .array(puts)]])
        }
        let updated = try await host.dynamo("UpdateTable", Self.addingIndex)
        #expect(updated["TableDescription"]?["TableStatus"] == "UPDATING")
        await host.host.store.due.idle()
        let table = try await host.dynamo("DescribeTable", ["TableName": "plain"])["Table"]
        #expect(table?["GlobalSecondaryIndexes"]?[0]?["IndexStatus"] == "ACTIVE")
        #expect(table?["GlobalSecondaryIndexes"]?[0]?["ItemCount"] == .number(count))
        // And goes again with its entries and its attribute.
        let removal: JSON = [
            "TableName": "plain", "GlobalSecondaryIndexUpdates": [["Delete": ["IndexName": "by-g"]]],
        ]
        _ = try await host.dynamo("UpdateTable", removal)
        await host.host.store.due.idle()
        let after = try await host.dynamo("DescribeTable", ["TableName": "plain"])["Table"]
        #expect(after?["GlobalSecondaryIndexes"] == nil)
        #expect(after?["AttributeDefinitions"] == [["AttributeName": "pk", "AttributeType": "S"]])
        #expect(await host.failure("dynamodb", "UpdateTable", removal)?.code == "ResourceNotFoundException")
        await host.host.store.due.idle()
    }

    @Test("change capacity and billing")
    func billing() async throws {
        let host = try await dynamoHost()
        func update(_ change: JSON) async -> String? {
            var input = change
            input["TableName"] = "plain"
            return await host.refusal("UpdateTable", input)
        }
        let units: JSON = ["ReadCapacityUnits": 3, "WriteCapacityUnits": 4]
        #expect(await update(["BillingMode": "PROVISIONED"]) != nil)
        #expect(await update(["BillingMode": "PROVISIONED", "ProvisionedThroughput": units]) == nil)
        #expect(
            await update(["ProvisionedThroughput": units])?
                .hasPrefix("The provisioned throughput for the table will not change.") == true)
        #expect(await update(["ProvisionedThroughput": ["ReadCapacityUnits": 2, "WriteCapacityUnits": 9]]) == nil)
        let table = try await host.dynamo("DescribeTable", ["TableName": "plain"])["Table"]
        #expect(table?["ProvisionedThroughput"]?["ReadCapacityUnits"] == 2)
        #expect(table?["ProvisionedThroughput"]?["LastDecreaseDateTime"] != nil)
        #expect(table?["BillingModeSummary"]?["BillingMode"] == "PROVISIONED")
        #expect(await update(["BillingMode": "PAY_PER_REQUEST"]) == nil)
        #expect(await update(["BillingMode": "PAY_PER_REQUEST"]) == nil)
        #expect(
            await update([:])
                == "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
        )
    }

    @Test("bear tags")
    func tags() async throws {
        let host = try await dynamoHost()
        let arn: JSON = "arn:aws:dynamodb:us-east-1:000000000000:table/plain"
        _ = try await host.dynamo(
            "TagResource",
            ["ResourceArn": arn, "Tags": [["Key": "b", "Value": "2"], ["Key": "a", "Value": "1"]]])
        _ = try await host.dynamo("TagResource", ["ResourceArn": arn, "Tags": [["Key": "b", "Value": "3"]]])
        #expect(
            try await host.dynamo("ListTagsOfResource", ["ResourceArn": arn])
                == ["Tags": [["Key": "a", "Value": "1"], ["Key": "b", "Value": "3"]]])
        _ = try await host.dynamo("UntagResource", ["ResourceArn": arn, "TagKeys": ["a", "zz"]])
        #expect(
            try await host.dynamo("ListTagsOfResource", ["ResourceArn": arn]) == ["Tags": [["Key": "b", "Value": "3"]]])
        let missing: JSON = "arn:aws:dynamodb:us-east-1:000000000000:table/none"
        #expect(
            await host.refusal("ListTagsOfResource", ["ResourceArn": missing])
                == "Requested resource not found: ResourcArn: arn:aws:dynamodb:us-east-1:000000000000:table/none not found"
        )
    }

    @Test("keep the settings of expiry and backups")
    func settings() async throws {
        let host = try await dynamoHost()
        #expect(
            try await host.dynamo("DescribeTimeToLive", ["TableName": "plain"])
                == ["TimeToLiveDescription": ["TimeToLiveStatus": "DISABLED"]])
        let expiry: JSON = ["Enabled": true, "AttributeName": "until"]
        _ = try await host.dynamo("UpdateTimeToLive", ["TableName": "plain", "TimeToLiveSpecification": expiry])
        #expect(
            try await host.dynamo("DescribeTimeToLive", ["TableName": "plain"])
                == ["TimeToLiveDescription": ["TimeToLiveStatus": "ENABLED", "AttributeName": "until"]])
        #expect(
            await host.refusal("UpdateTimeToLive", ["TableName": "plain", "TimeToLiveSpecification": expiry])
                == "TimeToLive is already enabled")
        let backups = try await host.dynamo("DescribeContinuousBackups", ["TableName": "plain"])
        #expect(
            backups["ContinuousBackupsDescription"] == [
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": ["PointInTimeRecoveryStatus": "DISABLED"],
            ])
        let enabled = try await host.dynamo(
            "UpdateContinuousBackups",
            ["TableName": "plain", "PointInTimeRecoverySpecification": ["PointInTimeRecoveryEnabled": true]])
        #expect(
            enabled["ContinuousBackupsDescription"]?["PointInTimeRecoveryDescription"]?["PointInTimeRecoveryStatus"]
                == "ENABLED")
    }

    @Test("belong to an account and a region")
    func isolation() async throws {
        let host = try await dynamoHost()
        let other = host.context(region: "eu-west-1")
        let list = try await other.call("dynamodb", "ListTables", [:])
        #expect(list == ["TableNames": []])
    }
}
