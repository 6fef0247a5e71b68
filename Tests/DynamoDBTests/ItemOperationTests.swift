import AWSWire
import BatonCore
import BatonTesting
import DynamoDBExpressions
import JSON
import Testing

@testable import DynamoDB

/// A host with a table `plain` (key `pk`), and `full` (keys `pk`, `sk`; global index `by-g` on `g` with `proj`, local
/// index `by-l` on `l` with everything).
func dynamoHost() async throws -> TestHost {
    let host = try await TestHost([DynamoDB(), DynamoDBStreams()])
    try await host.call(
        "dynamodb", "CreateTable",
        [
            "TableName": "plain", "AttributeDefinitions": [["AttributeName": "pk", "AttributeType": "S"]],
            "KeySchema": [["AttributeName": "pk", "KeyType": "HASH"]], "BillingMode": "PAY_PER_REQUEST",
        ])
    try await host.call(
        "dynamodb", "CreateTable",
        [
            "TableName": "full",
            "AttributeDefinitions": [
                ["AttributeName": "pk", "AttributeType": "S"], ["AttributeName": "sk", "AttributeType": "N"],
                ["AttributeName": "g", "AttributeType": "S"], ["AttributeName": "l", "AttributeType": "S"],
            ],
            "KeySchema": [
                ["AttributeName": "pk", "KeyType": "HASH"], ["AttributeName": "sk", "KeyType": "RANGE"],
            ],
            "BillingMode": "PAY_PER_REQUEST",
            "GlobalSecondaryIndexes": [
                [
                    "IndexName": "by-g", "KeySchema": [["AttributeName": "g", "KeyType": "HASH"]],
                    "Projection": ["ProjectionType": "INCLUDE", "NonKeyAttributes": ["proj"]],
                ]
            ],
            "LocalSecondaryIndexes": [
                [
                    "IndexName": "by-l",
                    "KeySchema": [
                        ["AttributeName": "pk", "KeyType": "HASH"], ["AttributeName": "l", "KeyType": "RANGE"],
                    ],
                    "Projection": ["ProjectionType": "ALL"],
                ]
            ],
        ])
    return host
}

extension TestHost {
    func dynamo(_ operation: String, _ input: JSON) async throws(AWSError) -> JSON {
        try await call("dynamodb", operation, input)
    }

    /// The message of the error that must come.
    func refusal(_ operation: String, _ input: JSON) async -> String? {
        await failure("dynamodb", operation, input)?.message
    }
}

/// `{"pk": {"S": "a"}}` of `pk: "a"`: text is S, whole numbers are N.
func item(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(
        JSON.Object(
            members.map { name, value in
                switch value {
                case .string: (name, ["S": value])
                case .number(let number): (name, ["N": .string(number.text)])
                default: (name, value)
                }
            }))
}

@Suite("Items")
struct ItemOperationTests {
    @Test("are stored, read, replaced and removed")
    func lifecycle() async throws {
        let host = try await dynamoHost()
        let key = item(["pk": "a"])
        #expect(try await host.dynamo("GetItem", ["TableName": "plain", "Key": key]) == [:])
        #expect(
            try await host.dynamo("PutItem", ["TableName": "plain", "Item": item(["pk": "a", "v": 1, "x": "y"])]) == [:]
        )
        #expect(
            try await host.dynamo("GetItem", ["TableName": "plain", "Key": key])
                == ["Item": item(["pk": "a", "v": 1, "x": "y"])])
        let replaced = try await host.dynamo(
            "PutItem", ["TableName": "plain", "Item": item(["pk": "a", "v": 2]), "ReturnValues": "ALL_OLD"])
        #expect(replaced["Attributes"] == item(["pk": "a", "v": 1, "x": "y"]))
        let removed = try await host.dynamo(
            "DeleteItem", ["TableName": "plain", "Key": key, "ReturnValues": "ALL_OLD"])
        #expect(removed["Attributes"] == item(["pk": "a", "v": 2]))
        #expect(try await host.dynamo("DeleteItem", ["TableName": "plain", "Key": key]) == [:])
        #expect(try await host.dynamo("GetItem", ["TableName": "plain", "Key": key]) == [:])
    }

    @Test("are found under the ARN of their table too")
    func arn() async throws {
        let host = try await dynamoHost()
        let arn: JSON = "arn:aws:dynamodb:us-east-1:000000000000:table/plain"
        try await _ = host.dynamo("PutItem", ["TableName": arn, "Item": item(["pk": "a"])])
        #expect(try await host.dynamo("GetItem", ["TableName": "plain", "Key": item(["pk": "a"])])["Item"] != nil)
    }

    @Test("are shown in parts")
    func projection() async throws {
        let host = try await dynamoHost()
        let stored = item(["pk": "a", "v": 1, "m": ["M": ["x": ["S": "1"], "y": ["S": "2"]]]])
        _ = try await host.dynamo("PutItem", ["TableName": "plain", "Item": stored])
        let shown = try await host.dynamo(
            "GetItem", ["TableName": "plain", "Key": item(["pk": "a"]), "ProjectionExpression": "v, m.x"])
        #expect(shown["Item"] == item(["v": 1, "m": ["M": ["x": ["S": "1"]]]]))
        let legacy = try await host.dynamo(
            "GetItem", ["TableName": "plain", "Key": item(["pk": "a"]), "AttributesToGet": ["pk", "zz"]])
        #expect(legacy["Item"] == item(["pk": "a"]))
    }

    @Test(
        "are refused with AWS's words",
        arguments: [
            (
                "PutItem", #"{"TableName":"plain","Item":{"a":{"S":"x"}}}"#,
                "One or more parameter values were invalid: Missing the key pk in the item"
            ),
            (
                "PutItem", #"{"TableName":"plain","Item":{"pk":{"N":"1"}}}"#,
                "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"
            ),
            (
                "PutItem", #"{"TableName":"plain","Item":{"pk":{"S":""}}}"#,
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
            ),
            (
                "PutItem", #"{"TableName":"full","Item":{"pk":{"S":"a"},"sk":{"N":"1"},"g":{"N":"1"}}}"#,
                "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"
            ),
            (
                "PutItem", #"{"TableName":"full","Item":{"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":""}}}"#,
                "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-g, IndexKey: g"
            ),
            (
                "PutItem", #"{"TableName":"plain","Item":{"pk":{"S":"a"}},"ReturnValues":"ALL_NEW"}"#,
                "ReturnValues can only be ALL_OLD or NONE"
            ),
            ("PutItem", #"{"TableName":"none","Item":{"pk":{"S":"a"}}}"#, "Requested resource not found"),
            (
                "PutItem", #"{"TableName":"ab","Item":{"pk":{"S":"a"}}}"#,
                "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3"
            ),
            (
                "PutItem", ##"{"TableName":"plain","Item":{"pk":{"S":"a"}},"ExpressionAttributeNames":{"#a":"b"}}"##,
                "ExpressionAttributeNames can only be specified when using expressions"
            ),
            (
                "PutItem",
                #"{"TableName":"plain","Item":{"pk":{"S":"a"}},"ExpressionAttributeValues":{":a":{"S":"x"}}}"#,
                "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"
            ),
            (
                "PutItem",
                #"{"TableName":"plain","Item":{"pk":{"S":"a"}},"ConditionExpression":"a = b","Expected":{"a":{"Exists":false}}}"#,
                "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"
            ),
            (
                "PutItem",
                #"{"TableName":"plain","Item":{"pk":{"S":"a"}},"ConditionExpression":"attribute_exists(pk.x)"}"#,
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk"
            ),
            (
                "GetItem", #"{"TableName":"plain","Key":{"pk":{"S":"a"},"x":{"S":"b"}}}"#,
                "The provided key element does not match the schema"
            ),
            (
                "GetItem", #"{"TableName":"full","Key":{"pk":{"S":"a"}}}"#,
                "The provided key element does not match the schema"
            ),
            (
                "GetItem", #"{"TableName":"plain","Key":{"pk":{"S":"a"}},"AttributesToGet":["a","a"]}"#,
                "One or more parameter values were invalid: Duplicate value in attribute name: a"
            ),
            (
                "UpdateItem",
                #"{"TableName":"plain","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET pk = :v","ExpressionAttributeValues":{":v":{"S":"x"}}}"#,
                "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"
            ),
            (
                "UpdateItem",
                #"{"TableName":"full","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"UpdateExpression":"SET g = :v","ExpressionAttributeValues":{":v":{"N":"1"}}}"#,
                "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"
            ),
            (
                "UpdateItem",
                #"{"TableName":"full","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"UpdateExpression":"SET g = :v","ExpressionAttributeValues":{":v":{"S":""}}}"#,
                "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value."
            ),
            (
                "UpdateItem",
                #"{"TableName":"plain","Key":{"pk":{"S":"a"}},"AttributeUpdates":{"a":{"Action":"PUT"}}}"#,
                "One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified"
            ),
            (
                "UpdateItem",
                #"{"TableName":"plain","Key":{"pk":{"S":"a"}},"AttributeUpdates":{"a":{"Action":"ADD","Value":{"S":"x"}}}}"#,
                "One or more parameter values were invalid: ADD action is not supported for the type S"
            ),
            (
                "DeleteItem",
                #"{"TableName":"plain","Key":{"pk":{"S":"a"}},"Expected":{"a":{"ComparisonOperator":"EQ"}}}"#,
                "One or more parameter values were invalid: Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a"
            ),
        ])
    func refused(operation: String, input: String, message: String) async throws {
        let host = try await dynamoHost()
        #expect(await host.refusal(operation, try JSON.parse(input)) == message)
    }

    @Test("may have 400 KB, names and values together")
    func size() async throws {
        let host = try await dynamoHost()
        func put(_ bytes: Int) -> JSON {
            // pk + a, v + the rest
            ["TableName": "plain", "Item": item(["pk": "a", "v": .string(String(repeating: "x", count: bytes - 4))])]
        }
        #expect(await host.refusal("PutItem", put(409_600)) == nil)
        #expect(await host.refusal("PutItem", put(409_601)) == "Item size has exceeded the maximum allowed size")
        let update: JSON = [
            "TableName": "plain", "Key": item(["pk": "a"]), "UpdateExpression": "SET w = :w",
            "ExpressionAttributeValues": [":w": ["S": "x"]],
        ]
        #expect(
            await host.refusal("UpdateItem", update) == "Item size to update has exceeded the maximum allowed size")
    }

    @Test("change only when their condition holds; the failure can show the item")
    func conditions() async throws {
        let host = try await dynamoHost()
        let put: JSON = [
            "TableName": "plain", "Item": item(["pk": "a", "v": 1]), "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        ]
        _ = try await host.dynamo("PutItem", put)
        let failure = try #require(await host.failure("dynamodb", "PutItem", put))
        #expect(failure.code == "ConditionalCheckFailedException")
        #expect(failure.message == "The conditional request failed")
        #expect(failure.fields["Item"] == item(["pk": "a", "v": 1]))
        let legacy: JSON = [
            "TableName": "plain", "Key": item(["pk": "a"]), "Expected": ["v": ["Value": ["N": "2"]]],
        ]
        #expect(await host.failure("dynamodb", "DeleteItem", legacy)?.fields.isEmpty == true)
        let right: JSON = [
            "TableName": "plain", "Key": item(["pk": "a"]),
            "Expected": [
                "v": ["ComparisonOperator": "GE", "AttributeValueList": [["N": "1.0"]]],
                "z": ["Exists": true, "Value": ["S": "x"]],
            ], "ConditionalOperator": "OR",
        ]
        #expect(await host.failure("dynamodb", "DeleteItem", right) == nil)
    }

    @Test("are updated and answered in every form")
    func update() async throws {
        let host = try await dynamoHost()
        func update(_ returnValues: String) async throws -> JSON? {
            try await host.dynamo(
                "UpdateItem",
                [
                    "TableName": "plain", "Key": item(["pk": "a"]),
                    "UpdateExpression": "SET v = if_not_exists(v, :zero) + :one, #s = :x REMOVE gone",
                    "ExpressionAttributeNames": ["#s": "size"],
                    "ExpressionAttributeValues": [":zero": ["N": "0"], ":one": ["N": "1"], ":x": ["S": "x"]],
                    "ReturnValues": .string(returnValues),
                ])["Attributes"]
        }
        #expect(try await update("ALL_OLD") == nil)
        #expect(try await update("ALL_OLD") == item(["pk": "a", "v": 1, "size": "x"]))
        #expect(try await update("ALL_NEW") == item(["pk": "a", "v": 3, "size": "x"]))
        #expect(try await update("UPDATED_OLD") == item(["v": 3, "size": "x"]))
        #expect(try await update("UPDATED_NEW") == item(["v": 5, "size": "x"]))
        #expect(try await update("NONE") == nil)
        let legacy = try await host.dynamo(
            "UpdateItem",
            [
                "TableName": "plain", "Key": item(["pk": "a"]), "ReturnValues": "ALL_NEW",
                "AttributeUpdates": [
                    "v": ["Action": "ADD", "Value": ["N": "10"]], "size": ["Action": "DELETE"],
                    "w": ["Value": ["S": "new"]],
                ],
            ])
        #expect(legacy["Attributes"] == item(["pk": "a", "v": 16, "w": "new"]))
    }

    @Test("an update without actions makes an item of its key alone")
    func emptyUpdate() async throws {
        let host = try await dynamoHost()
        _ = try await host.dynamo("UpdateItem", ["TableName": "plain", "Key": item(["pk": "a"])])
        let got = try await host.dynamo("GetItem", ["TableName": "plain", "Key": item(["pk": "a"])])
        #expect(got["Item"] == item(["pk": "a"]))
    }

    @Test("a write can take part in another service's transaction")
    func enlisted() async throws {
        let host = try await dynamoHost()
        let context = host.context()
        let write = try context.enlist("dynamodb", "PutItem", ["TableName": "plain", "Item": item(["pk": "a"])])
        await #expect(throws: AWSError.self) {
            try await context.write { transaction in
                _ = try write(transaction)
                throw AWSError("Other", "the other half fails")
            }
        }
        #expect(try await host.dynamo("GetItem", ["TableName": "plain", "Key": item(["pk": "a"])]) == [:])
        _ = try await context.write(write)
        #expect(try await host.dynamo("GetItem", ["TableName": "plain", "Key": item(["pk": "a"])])["Item"] != nil)
    }
}

@Suite("Consumed capacity")
struct CapacityTests {
    /// What each step of an index ladder costs; source: measured on AWS.
    @Test("of writes counts the table and what changes in the indexes")
    func writes() async throws {
        let host = try await dynamoHost()
        let whole = item(["pk": "a", "sk": 1, "g": "g1", "l": "L1", "proj": "p", "extra": "o"])
        func put(_ item: JSON) async throws -> JSON? {
            try await host.dynamo(
                "PutItem", ["TableName": "full", "Item": item, "ReturnConsumedCapacity": "INDEXES"])["ConsumedCapacity"]
        }
        func update(_ expression: String, _ values: JSON?) async throws -> JSON? {
            var input: JSON = [
                "TableName": "full", "Key": item(["pk": "a", "sk": 1]), "UpdateExpression": .string(expression),
                "ReturnConsumedCapacity": "INDEXES",
            ]
            input["ExpressionAttributeValues"] = values
            return try await host.dynamo("UpdateItem", input)["ConsumedCapacity"]
        }
        func units(_ total: Int, table: Int, global: Int? = nil, local: Int? = nil) -> JSON {
            var expected: JSON = [
                "TableName": "full", "CapacityUnits": .number(total), "Table": ["CapacityUnits": .number(table)],
            ]
            expected["GlobalSecondaryIndexes"] = global.map { ["by-g": ["CapacityUnits": .number($0)]] }
            expected["LocalSecondaryIndexes"] = local.map { ["by-l": ["CapacityUnits": .number($0)]] }
            return expected
        }
        #expect(try await put(item(["pk": "z", "sk": 1, "extra": "o"])) == units(1, table: 1))
        #expect(try await put(whole) == units(3, table: 1, global: 1, local: 1))
        #expect(try await put(whole) == units(1, table: 1))
        #expect(try await update("SET extra = :v", [":v": ["S": "o2"]]) == units(2, table: 1, local: 1))
        #expect(try await update("SET proj = :v", [":v": ["S": "p2"]]) == units(3, table: 1, global: 1, local: 1))
        #expect(try await update("SET g = :v", [":v": ["S": "g2"]]) == units(4, table: 1, global: 2, local: 1))
        #expect(try await update("SET l = :v", [":v": ["S": "L2"]]) == units(3, table: 1, local: 2))
        #expect(try await update("REMOVE g", nil) == units(3, table: 1, global: 1, local: 1))
        let deleted = try await host.dynamo(
            "DeleteItem",
            ["TableName": "full", "Key": item(["pk": "a", "sk": 1]), "ReturnConsumedCapacity": "TOTAL"])
        #expect(deleted["ConsumedCapacity"] == ["TableName": "full", "CapacityUnits": 2])
    }

    @Test("of reads counts 4 KB, half for eventual consistency", arguments: [(100, 0.5, 1.0), (5000, 1.0, 2.0)])
    func reads(bytes: Int, eventual: Double, consistent: Double) async throws {
        let host = try await dynamoHost()
        let text = JSON.string(String(repeating: "x", count: bytes))
        _ = try await host.dynamo("PutItem", ["TableName": "plain", "Item": item(["pk": "a", "v": text])])
        for (isConsistent, units) in [(false, eventual), (true, consistent)] {
            let got = try await host.dynamo(
                "GetItem",
                [
                    "TableName": "plain", "Key": item(["pk": "a"]), "ConsistentRead": .bool(isConsistent),
                    "ReturnConsumedCapacity": "TOTAL",
                ])
            #expect(got["ConsumedCapacity"] == ["TableName": "plain", "CapacityUnits": .number(units)])
        }
    }

    @Test("item collections are measured where there are local indexes")
    func collections() async throws {
        let host = try await dynamoHost()
        let put = try await host.dynamo(
            "PutItem",
            ["TableName": "full", "Item": item(["pk": "a", "sk": 1]), "ReturnItemCollectionMetrics": "SIZE"])
        #expect(
            put["ItemCollectionMetrics"]
                == ["ItemCollectionKey": item(["pk": "a"]), "SizeEstimateRangeGB": [0, 1]])
    }
}
