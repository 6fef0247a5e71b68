import AWSModel
import AWSWire
import JSON
import Testing

/// Messages as AWS writes them.
@Suite struct ValidatorTests {
    static func message(_ service: String, _ operation: String, _ input: JSON) throws -> AWSError? {
        let side = try Side(service)
        let validator = Validator(side.model)
        let shape = try side.operation(operation).input
        return errorOf { try validator.validate(input, shape) }
    }

    static let cases: [(String, String, JSON, [String])] = [
        ("dynamodb", "GetItem", ["TableName": "abc", "Key": [:]], []),
        (
            "dynamodb", "GetItem", [:],
            [
                "Value null at 'tableName' failed to satisfy constraint: Member must not be null",
                "Value null at 'key' failed to satisfy constraint: Member must not be null",
            ]
        ),
        (
            "dynamodb", "GetItem",
            ["TableName": "abc", "Key": [:], "AttributesToGet": [], "ReturnConsumedCapacity": "hi"],
            [
                "Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1",
                "Value 'hi' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
            ]
        ),
        (
            "dynamodb", "Query", ["TableName": "abc", "IndexName": "a;", "Limit": 0],
            [
                "Value 'a;' at 'indexName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
                "Value 'a;' at 'indexName' failed to satisfy constraint: Member must have length greater than or equal to 3",
                "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
            ]
        ),
        (
            "dynamodb", "CreateTable",
            [
                "TableName": "abc", "AttributeDefinitions": [],
                "KeySchema": [
                    ["AttributeName": "a", "KeyType": "HASH"], ["KeyType": "x"],
                    ["AttributeName": "c", "KeyType": "RANGE"],
                ],
            ],
            [
                "Value null at 'keySchema.2.member.attributeName' failed to satisfy constraint: Member must not be null",
                "Value 'x' at 'keySchema.2.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]",
            ]
        ),
        (
            "dynamodb", "BatchWriteItem", ["RequestItems": ["abc": []]],
            [
                "Value '{abc=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]"
            ]
        ),
        (
            "dynamodb", "BatchWriteItem", ["RequestItems": ["abc": [["PutRequest": [:]]]]],
            [
                "Value null at 'requestItems.abc.member.1.member.putRequest.item' failed to satisfy constraint: Member must not be null"
            ]
        ),
        (
            "lambda", "CreateFunction",
            ["FunctionName": "f", "Role": "arn:aws:iam::000000000000:role/r", "Code": [:], "Architectures": ["foo"]],
            [
                "Value '[foo]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]"
            ]
        ),
        (
            "lambda", "CreateAlias",
            [
                "FunctionName": "f", "Name": "a", "FunctionVersion": "1",
                "RoutingConfig": ["AdditionalVersionWeights": ["2": 1.5]],
            ],
            [
                "Value '{2=1.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0]"
            ]
        ),
        (
            "lambda", "GetFunction", ["FunctionName": "a b"],
            [
                #"Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"#
            ]
        ),
        (
            "logs", "CreateLogGroup", ["logGroupName": .string(String(repeating: "a", count: 513))],
            [
                "Value '\(String(repeating: "a", count: 513))' at 'logGroupName' failed to satisfy constraint: Member must have length less than or equal to 512"
            ]
        ),
        ("iam", "GetRole", [:], ["Value null at 'roleName' failed to satisfy constraint: Member must not be null"]),
        (
            "iam", "CreateRole",
            ["RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": [["Key": "k", "Value": "v"], ["Key": ""]]],
            [
                "Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not be null",
                "Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
                "Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ]
        ),
        (
            "lambda", "UpdateFunctionConfiguration", ["FunctionName": "f", "Timeout": 901],
            ["Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900"]
        ),
        (
            "cloudformation", "CreateStack", ["StackName": "my_stack"],
            [
                "Value 'my_stack' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
            ]
        ),
        (
            "cloudformation", "DescribeStacks",
            ["StackName": "arn:aws:cloudformation:us-east-1:000000000000:stack/a/b-c"], []
        ),
        ("s3", "CreateBucket", [:], []),
    ]

    @Test(arguments: cases)
    func tells(_ service: String, _ operation: String, _ input: JSON, _ errors: [String]) throws {
        let message = try Self.message(service, operation, input)?.message
        if errors.isEmpty {
            #expect(message == nil)
        } else {
            let head =
                errors.count == 1 ? "1 validation error detected: " : "\(errors.count) validation errors detected: "
            #expect(message == head + errors.joined(separator: "; "))
        }
    }

    @Test(arguments: [
        ("dynamodb", "GetItem", "ValidationException"), ("lambda", "GetFunction", "ValidationException"),
        ("iam", "GetRole", "ValidationError"),
    ])
    func codes(_ service: String, _ operation: String, _ code: String) throws {
        #expect(try Self.message(service, operation, [:])?.code == code)
    }

    @Test func sqsTellsTheFirstMissingParameter() throws {
        let error = try Self.message("sqs", "SendMessage", [:])
        #expect(error == AWSError("MissingParameter", "The request must contain the parameter QueueUrl."))
        #expect(try Self.message("sqs", "SendMessage", ["QueueUrl": "u", "MessageBody": ""]) == nil)
    }

    static let tableNames: [(JSON, String)] = [
        ([:], "The parameter 'TableName' is required but was not present in the request"),
        (["TableName": "ab"], "TableName must be at least 3 characters long and at most 255 characters long"),
    ]

    @Test(arguments: tableNames)
    func dynamoTellsTheTableNameFirst(_ input: JSON, _ message: String) throws {
        #expect(try Self.message("dynamodb", "CreateTable", input)?.message == message)
    }

    @Test func tellsTenErrorsAtMost() throws {
        let tags = JSON.array(Array(repeating: [:], count: 30))
        let error = try Self.message("iam", "TagRole", ["RoleName": "r", "Tags": tags])
        #expect(error?.message.hasPrefix("10 validation errors detected: ") == true)
    }

    @Test(arguments: [("😀", 2, true), ("😀", 1, false), ("éé", 2, true), ("abc", 2, false), ("", 0, true)])
    func lengthsAreUTF16Units(_ text: String, _ limit: Int, _ isFine: Bool) throws {
        let model = try ServiceModel(tree: [
            "id": "x", "p": ["json"], "o": ["Do": ["i": "In"]],
            "s": ["In": ["m": ["A": "Text"]], "Text": ["t": "s", "max": .number(limit)]],
        ])
        let error = errorOf { try Validator(model).validate(["A": .string(text)], model.operations["Do"]?.input) }
        #expect((error == nil) == isFine)
    }
}
