import AWSWire
import BatonTesting
import JSON
import Testing

@testable import DynamoDB

/// Ten items of `a` (`sk` −4…5) and two of `b`; even ones are in the global index, all in the local one.
private func filledHost() async throws -> TestHost {
    let host = try await dynamoHost()
    for number in -4...5 {
        var entry = item(["pk": "a", "sk": .number(number), "l": .string("L\(9 - number)"), "big": "x"])
        if number.isMultiple(of: 2) {
            entry["g"] = ["S": "even"]
            entry["proj"] = ["N": .string("\(number * 10)")]
        }
        _ = try await host.dynamo("PutItem", ["TableName": "full", "Item": entry])
    }
    for number in [1, 20] {
        _ = try await host.dynamo("PutItem", ["TableName": "full", "Item": item(["pk": "b", "sk": .number(number)])])
    }
    return host
}

private func keys(_ page: JSON) -> [Int] {
    (page["Items"]?.array ?? []).compactMap { $0["sk"]?["N"]?.string.flatMap { Int($0) } }
}

@Suite("Query")
struct QueryTests {
    @Test(
        "reads the items that the key condition names, in order",
        arguments: [
            ("pk = :a", [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5]), ("pk = :a AND sk = :two", [2]),
            ("pk = :a AND sk < :two", [-4, -3, -2, -1, 0, 1]), ("pk = :a AND sk <= :two", [-4, -3, -2, -1, 0, 1, 2]),
            ("pk = :a AND sk > :two", [3, 4, 5]), ("pk = :a AND :two <= sk", [2, 3, 4, 5]),
            ("(pk = :a AND (sk BETWEEN :minus AND :two))", [-1, 0, 1, 2]), ("sk >= :two AND pk = :a", [2, 3, 4, 5]),
            ("pk = :zz", []),
        ])
    func keyConditions(expression: String, expected: [Int]) async throws {
        let host = try await filledHost()
        let all: JSON.Object = [":a": ["S": "a"], ":two": ["N": "2"], ":minus": ["N": "-1"], ":zz": ["S": "zz"]]
        let used = all.filter { expression.contains($0.key) }.map { ($0.key, $0.value) }
        var query: JSON = [
            "TableName": "full", "KeyConditionExpression": .string(expression),
            "ExpressionAttributeValues": .object(JSON.Object(used)),
        ]
        #expect(keys(try await host.dynamo("Query", query)) == expected)
        query["ScanIndexForward"] = false
        #expect(keys(try await host.dynamo("Query", query)) == expected.reversed())
        // The same in pages of three.
        query["Limit"] = 3
        var found: [Int] = []
        repeat {
            let page = try await host.dynamo("Query", query)
            found += keys(page)
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        } while query["ExclusiveStartKey"] != nil
        #expect(found == expected.reversed())
    }

    @Test("reads the same by the legacy parameters")
    func legacy() async throws {
        let host = try await filledHost()
        let page = try await host.dynamo(
            "Query",
            [
                "TableName": "full",
                "KeyConditions": [
                    "pk": ["ComparisonOperator": "EQ", "AttributeValueList": [["S": "a"]]],
                    "sk": ["ComparisonOperator": "BETWEEN", "AttributeValueList": [["N": "0"], ["N": "4"]]],
                ],
                "QueryFilter": ["g": ["ComparisonOperator": "NOT_NULL"]], "AttributesToGet": ["sk"],
            ])
        #expect(page["Items"] == [item(["sk": 0]), item(["sk": 2]), item(["sk": 4])])
        #expect(page["Count"] == 3)
        #expect(page["ScannedCount"] == 5)
    }

    @Test("filters behind the limit and counts both")
    func filter() async throws {
        let host = try await filledHost()
        let page = try await host.dynamo(
            "Query",
            [
                "TableName": "full", "KeyConditionExpression": "pk = :a", "FilterExpression": "attribute_exists(g)",
                "ExpressionAttributeValues": [":a": ["S": "a"]], "Limit": 5, "ProjectionExpression": "sk",
                "ReturnConsumedCapacity": "TOTAL",
            ])
        #expect(keys(page) == [-4, -2, 0])
        #expect(page["Count"] == 3)
        #expect(page["ScannedCount"] == 5)
        #expect(page["LastEvaluatedKey"] == item(["pk": "a", "sk": 0]))
        #expect(page["ConsumedCapacity"] == ["TableName": "full", "CapacityUnits": 0.5])
        let count = try await host.dynamo(
            "Query",
            [
                "TableName": "full", "KeyConditionExpression": "pk = :a", "Select": "COUNT",
                "ExpressionAttributeValues": [":a": ["S": "a"]],
            ])
        #expect(count == ["Count": 10, "ScannedCount": 10])
    }

    @Test("of an index reads its part of the items; pages name both keys")
    func globalIndex() async throws {
        let host = try await filledHost()
        var query: JSON = [
            "TableName": "full", "IndexName": "by-g", "KeyConditionExpression": "g = :g",
            "ExpressionAttributeValues": [":g": ["S": "even"]], "Limit": 2, "ReturnConsumedCapacity": "INDEXES",
        ]
        let page = try await host.dynamo("Query", query)
        #expect(
            page["Items"] == [
                item(["pk": "a", "sk": -4, "g": "even", "proj": -40]),
                item(["pk": "a", "sk": -2, "g": "even", "proj": -20]),
            ])
        #expect(page["LastEvaluatedKey"] == item(["pk": "a", "sk": -2, "g": "even"]))
        #expect(
            page["ConsumedCapacity"] == [
                "TableName": "full", "CapacityUnits": 0.5, "Table": ["CapacityUnits": 0],
                "GlobalSecondaryIndexes": ["by-g": ["CapacityUnits": 0.5]],
            ])
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        #expect(keys(try await host.dynamo("Query", query)) == [0, 2])
    }

    @Test("of an index follows every change of an item")
    func indexMaintenance() async throws {
        let host = try await filledHost()
        func even() async throws -> [Int] {
            keys(
                try await host.dynamo(
                    "Query",
                    [
                        "TableName": "full", "IndexName": "by-g", "KeyConditionExpression": "g = :g",
                        "ExpressionAttributeValues": [":g": ["S": "even"]],
                    ]))
        }
        func update(_ number: Int, _ expression: String, _ values: JSON? = nil) async throws {
            var input: JSON = [
                "TableName": "full", "Key": item(["pk": "a", "sk": .number(number)]),
                "UpdateExpression": .string(expression),
            ]
            input["ExpressionAttributeValues"] = values
            _ = try await host.dynamo("UpdateItem", input)
        }
        #expect(try await even() == [-4, -2, 0, 2, 4])
        try await update(2, "REMOVE g")
        try await update(3, "SET g = :g", [":g": ["S": "even"]])
        try await update(4, "SET g = :g", [":g": ["S": "other"]])
        try await update(0, "SET big = :v", [":v": ["S": "changed"]])
        _ = try await host.dynamo("DeleteItem", ["TableName": "full", "Key": item(["pk": "a", "sk": -4])])
        _ = try await host.dynamo("PutItem", ["TableName": "full", "Item": item(["pk": "a", "sk": -2])])
        #expect(try await even() == [0, 3])
    }

    @Test("of a local index orders by its own key")
    func localIndex() async throws {
        let host = try await filledHost()
        let page = try await host.dynamo(
            "Query",
            [
                "TableName": "full", "IndexName": "by-l", "KeyConditionExpression": "pk = :a AND begins_with(l, :l)",
                "ExpressionAttributeValues": [":a": ["S": "a"], ":l": ["S": "L1"]], "ConsistentRead": true,
            ])
        // L10 (−1) … L13 (−4)
        #expect(keys(page) == [-1, -2, -3, -4])
    }

    @Test(
        "is refused with AWS's words",
        arguments: [
            (#"{}"#, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
            (#"{"KeyConditionExpression":"sk = :n"}"#, "Query condition missed key schema element: pk"),
            (#"{"KeyConditionExpression":"pk = :s AND x = :n"}"#, "Query condition missed key schema element: sk"),
            (#"{"KeyConditionExpression":"pk > :s"}"#, "Query key condition not supported"),
            (
                #"{"KeyConditionExpression":"pk = :s OR sk = :n"}"#,
                "Invalid operator used in KeyConditionExpression: OR"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s AND sk IN (:n)"}"#,
                "Invalid operator used in KeyConditionExpression: IN"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s AND sk <> :n"}"#,
                "Invalid operator used in KeyConditionExpression: <>"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s AND attribute_exists(sk)"}"#,
                "Invalid operator used in KeyConditionExpression: attribute_exists"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s AND size(sk) = :n"}"#,
                "KeyConditionExpressions cannot contain nested operations"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s AND sk.x = :n"}"#,
                "KeyConditionExpressions cannot have conditions on nested attributes"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s AND pk = :s"}"#,
                "KeyConditionExpressions must only contain one condition per key"
            ),
            (
                #"{"KeyConditionExpression":"pk = :n"}"#,
                "One or more parameter values were invalid: Condition parameter type does not match schema type"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s AND begins_with(sk, :n)"}"#,
                "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s","FilterExpression":"sk > :n"}"#,
                "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s","IndexName":"none"}"#,
                "The table does not have the specified index: none"
            ),
            (
                #"{"KeyConditionExpression":"g = :s","IndexName":"by-g","ConsistentRead":true}"#,
                "Consistent reads are not supported on global secondary indexes"
            ),
            (
                #"{"KeyConditionExpression":"g = :s","IndexName":"by-g","Select":"ALL_ATTRIBUTES"}"#,
                "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index by-g because its projection type is not ALL"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s","Select":"ALL_PROJECTED_ATTRIBUTES"}"#,
                "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s","Select":"ALL_ATTRIBUTES","ProjectionExpression":"x"}"#,
                "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s","ExclusiveStartKey":{"pk":{"S":"x"}}}"#,
                "The provided starting key is invalid"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s","ExclusiveStartKey":{"pk":{"S":"other"},"sk":{"N":"1"}}}"#,
                "The provided starting key is outside query boundaries based on provided conditions"
            ),
            (
                #"{"KeyConditionExpression":"pk = :s AND sk > :n","ExclusiveStartKey":{"pk":{"S":"a"},"sk":{"N":"1"}}}"#,
                "The provided starting key does not match the range key predicate"
            ),
        ])
    func refused(input: String, message: String) async throws {
        let host = try await dynamoHost()
        var query = try JSON.parse(input)
        query["TableName"] = "full"
        let values: JSON.Object = [":s": ["S": "a"], ":n": ["N": "5"]]
        let used = values.filter { input.contains($0.key) }.map { ($0.key, $0.value) }
        if !used.isEmpty { query["ExpressionAttributeValues"] = .object(JSON.Object(used)) }
        #expect(await host.refusal("Query", query) == message)
    }

    @Test("ends a page at 1 MB")
    func pageSize() async throws {
        let host = try await dynamoHost()
        let text = JSON.string(String(repeating: "x", count: 300_000))
        for number in 1...6 {
            _ = try await host.dynamo(
                "PutItem", ["TableName": "full", "Item": item(["pk": "a", "sk": .number(number), "v": text])])
        }
        var query: JSON = [
            "TableName": "full", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": [":a": ["S": "a"]],
            "ProjectionExpression": "sk",
        ]
        let page = try await host.dynamo("Query", query)
        #expect(keys(page) == [1, 2, 3, 4])
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        let rest = try await host.dynamo("Query", query)
        #expect(keys(rest) == [5, 6])
        #expect(rest["LastEvaluatedKey"] == nil)
    }
}

@Suite("Scan")
struct ScanTests {
    @Test("reads everything in pages, and in segments everything once")
    func pages() async throws {
        let host = try await filledHost()
        #expect(try await host.dynamo("Scan", ["TableName": "full"])["Count"] == 12)
        var scan: JSON = ["TableName": "full", "Limit": 5]
        var count = 0
        repeat {
            let page = try await host.dynamo("Scan", scan)
            count += page["Count"]?.int ?? 0
            scan["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        } while scan["ExclusiveStartKey"] != nil
        #expect(count == 12)
        for name in 0..<30 {
            _ = try await host.dynamo("PutItem", ["TableName": "plain", "Item": item(["pk": .string("k\(name)")])])
        }
        var found: [String] = []
        for segment in 0..<4 {
            let page = try await host.dynamo(
                "Scan", ["TableName": "plain", "Segment": .number(segment), "TotalSegments": 4])
            let part = (page["Items"]?.array ?? []).compactMap { $0["pk"]?["S"]?.string }
            #expect(part.count < 30)
            found += part
        }
        #expect(found.sorted() == (0..<30).map { "k\($0)" }.sorted())
    }

    @Test("of an index reads what is in it, by pages")
    func index() async throws {
        let host = try await filledHost()
        var scan: JSON = ["TableName": "full", "IndexName": "by-g", "Limit": 2]
        var found: [Int] = []
        repeat {
            let page = try await host.dynamo("Scan", scan)
            found += keys(page)
            scan["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        } while scan["ExclusiveStartKey"] != nil
        #expect(found == [-4, -2, 0, 2, 4])
    }

    @Test(
        "filters",
        arguments: [
            (#"{"FilterExpression":"sk > :n","ExpressionAttributeValues":{":n":{"N":"4"}}}"#, [5, 20]),
            (#"{"ScanFilter":{"sk":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"4"}]}}}"#, [5, 20]),
            (
                #"{"ScanFilter":{"sk":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"4"}]},"pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"b"}]}},"ConditionalOperator":"OR"}"#,
                [4, 1, 20]
            ),
        ])
    func filters(input: String, expected: [Int]) async throws {
        let host = try await filledHost()
        var scan = try JSON.parse(input)
        scan["TableName"] = "full"
        let page = try await host.dynamo("Scan", scan)
        #expect(keys(page) == expected)
        #expect(page["ScannedCount"] == 12)
    }

    @Test(
        "is refused with AWS's words",
        arguments: [
            (
                #"{"Segment":1}"#,
                "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"
            ),
            (
                #"{"TotalSegments":1}"#,
                "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"
            ),
            (
                #"{"Segment":2,"TotalSegments":2}"#,
                "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2"
            ),
            (
                #"{"ExclusiveStartKey":{"pk":{"S":"a"}}}"#,
                "The provided starting key is invalid: The provided key element does not match the schema"
            ),
            (
                #"{"ScanFilter":{"a":{"ComparisonOperator":"EQ"}}}"#,
                "One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator"
            ),
            (
                #"{"ScanFilter":{"a":{"ComparisonOperator":"LT","AttributeValueList":[{"BOOL":true}]}}}"#,
                "One or more parameter values were invalid: ComparisonOperator LT is not valid for BOOL AttributeValue type"
            ),
        ])
    func refused(input: String, message: String) async throws {
        let host = try await dynamoHost()
        var scan = try JSON.parse(input)
        scan["TableName"] = "full"
        #expect(await host.refusal("Scan", scan) == message)
    }
}

@Suite("Batches")
struct BatchTests {
    @Test("write and read items of several tables")
    func roundTrip() async throws {
        let host = try await dynamoHost()
        let written = try await host.dynamo(
            "BatchWriteItem",
            [
                "RequestItems": [
                    "plain": [
                        ["PutRequest": ["Item": item(["pk": "a", "v": 1])]],
                        ["DeleteRequest": ["Key": item(["pk": "b"])]],
                    ],
                    "full": [["PutRequest": ["Item": item(["pk": "a", "sk": 1, "g": "x"])]]],
                ], "ReturnConsumedCapacity": "TOTAL",
            ])
        #expect(written["UnprocessedItems"] == [:])
        #expect(
            written["ConsumedCapacity"] == [
                ["TableName": "full", "CapacityUnits": 2], ["TableName": "plain", "CapacityUnits": 2],
            ])
        let read = try await host.dynamo(
            "BatchGetItem",
            [
                "RequestItems": [
                    "plain": ["Keys": [item(["pk": "a"]), item(["pk": "b"])], "ProjectionExpression": "v"],
                    "full": ["Keys": [item(["pk": "a", "sk": 1])]],
                ]
            ])
        #expect(
            read == [
                "Responses": ["plain": [item(["v": 1])], "full": [item(["pk": "a", "sk": 1, "g": "x"])]],
                "UnprocessedKeys": [:],
            ])
    }

    @Test(
        "are refused with AWS's words",
        arguments: [
            (
                "BatchGetItem", #"{"RequestItems":{"plain":{"Keys":[{"pk":{"S":"a"}},{"pk":{"S":"a"}}]}}}"#,
                "Provided list of item keys contains duplicates"
            ),
            (
                "BatchWriteItem",
                #"{"RequestItems":{"plain":[{"PutRequest":{"Item":{"pk":{"S":"a"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}}"#,
                "Provided list of item keys contains duplicates"
            ),
            (
                "BatchWriteItem", #"{"RequestItems":{"plain":[{}]}}"#,
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
            ),
            (
                "BatchWriteItem", #"{"RequestItems":{"plain":[{"PutRequest":{"Item":{"pk":{"N":"5"}}}}]}}"#,
                "The provided key element does not match the schema"
            ),
            ("BatchGetItem", #"{"RequestItems":{"none":{"Keys":[{"pk":{"S":"a"}}]}}}"#, "Requested resource not found"),
            (
                "BatchGetItem",
                #"{"RequestItems":{"plain":{"Keys":[{"pk":{"S":"a"}}],"ProjectionExpression":"a, a"}}}"#,
                "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]"
            ),
        ])
    func refused(operation: String, input: String, message: String) async throws {
        let host = try await dynamoHost()
        #expect(await host.refusal(operation, try JSON.parse(input)) == message)
    }

    @Test("take 25 writes and 100 reads")
    func limits() async throws {
        let host = try await dynamoHost()
        func writes(_ count: Int) -> JSON {
            let keys = (0..<count).map { item(["pk": .string("k\($0)"), "sk": .number($0)]) }
            let puts = keys.map { key -> JSON in ["PutRequest": ["Item": key]] }
            return ["RequestItems": ["plain": .array(Array(puts.prefix(5))), "full": .array(Array(puts.dropFirst(5)))]]
        }
        func reads(_ count: Int) -> JSON {
            let plain = (0..<5).map { item(["pk": .string("k\($0)")]) }
            let full = (5..<count).map { item(["pk": .string("k\($0)"), "sk": .number($0)]) }
            return ["RequestItems": ["plain": ["Keys": .array(plain)], "full": ["Keys": .array(full)]]]
        }
        #expect(await host.refusal("BatchWriteItem", writes(25)) == nil)
        #expect(
            await host.refusal("BatchWriteItem", writes(26)) == "Too many items requested for the BatchWriteItem call")
        #expect(await host.refusal("BatchGetItem", reads(100)) == nil)
        #expect(await host.refusal("BatchGetItem", reads(101)) == "Too many items requested for the BatchGetItem call")
    }

    @Test("leave keys beyond 16 MB unprocessed")
    func unprocessed() async throws {
        let host = try await dynamoHost()
        let text = JSON.string(String(repeating: "x", count: 400_000))
        for number in 0..<45 {
            _ = try await host.dynamo(
                "PutItem", ["TableName": "plain", "Item": item(["pk": .string("k\(number)"), "v": text])])
        }
        let keys = (0..<45).map { item(["pk": .string("k\($0)")]) }
        let answer = try await host.dynamo(
            "BatchGetItem", ["RequestItems": ["plain": ["Keys": .array(keys), "ConsistentRead": true]]])
        let found = answer["Responses"]?["plain"]?.array?.count ?? 0
        let left = answer["UnprocessedKeys"]?["plain"]
        #expect(found == 42)
        #expect(left?["Keys"]?.array?.count == 3)
        #expect(left?["ConsistentRead"] == true)
    }
}
