import AWSModel
import AWSWire
import JSON
import Testing

/// What a client writes, the server reads, and back: the same tree on both sides, in every protocol.
@Suite struct RoundTripTests {
    static let inputs: [(String, String, JSON)] = [
        ("sqs", "SendMessage", ["QueueUrl": "u", "MessageBody": "b", "DelaySeconds": 5]),
        (
            "sqs", "SendMessage",
            [
                "QueueUrl": "u", "MessageBody": "ü",
                "MessageAttributes": ["a": ["DataType": "Binary", "BinaryValue": .bytes([0, 255])]],
            ]
        ),
        (
            "dynamodb", "PutItem",
            ["TableName": "t", "Item": ["k": ["S": "v"], "l": ["L": [["N": "1"], ["M": ["x": ["B": .bytes([1])]]]]]]]
        ),
        (
            "sns", "Publish",
            [
                "TopicArn": "arn", "Message": "a&b <c> +",
                "MessageAttributes": ["k": ["DataType": "String", "StringValue": "v"]],
            ]
        ),
        (
            "sns", "TagResource",
            ["ResourceArn": "arn", "Tags": [["Key": "a", "Value": "1"], ["Key": "b", "Value": ""]]]
        ),
        ("sns", "CreateTopic", ["Name": "n", "Attributes": ["FifoTopic": "true"], "Tags": []]),
        (
            "cloudformation", "CreateStack",
            ["StackName": "s", "Parameters": [["ParameterKey": "k", "UsePreviousValue": true]], "TimeoutInMinutes": 3]
        ),
        ("iam", "CreateRole", ["RoleName": "r", "AssumeRolePolicyDocument": "{}", "MaxSessionDuration": 3600]),
        (
            "lambda", "Invoke",
            [
                "FunctionName": "arn:aws:lambda:x:1:function:f", "InvocationType": "Event",
                "Payload": .bytes(Array("{}".utf8)),
            ]
        ),
        (
            "lambda", "CreateFunction",
            [
                "FunctionName": "f", "Role": "r", "Code": ["ZipFile": .bytes([80, 75])],
                "Environment": ["Variables": ["a": "b"]], "Timeout": 3,
            ]
        ),
        ("lambda", "ListEventSourceMappings", ["EventSourceArn": "arn:a:b", "MaxItems": 5]),
        ("lambda", "UntagResource", ["Resource": "arn:aws:x/y", "TagKeys": ["a b", "c"]]),
        (
            "logs", "PutLogEvents",
            ["logGroupName": "g", "logStreamName": "s", "logEvents": [["timestamp": 1, "message": "m"]]]
        ),
        (
            "s3", "PutObject",
            ["Bucket": "b", "Key": "a/b c+d/ü", "Metadata": ["k": "v"], "Expires": "Tue, 14 Nov 2023 22:13:20 GMT"]
        ),
        (
            "s3", "DeleteObjects",
            ["Bucket": "b", "Delete": ["Objects": [["Key": "a"], ["Key": " b&<"]], "Quiet": true]]
        ),
        ("s3", "PutBucketTagging", ["Bucket": "b", "Tagging": ["TagSet": [["Key": "k", "Value": "v"]]]]),
        (
            "s3", "CompleteMultipartUpload",
            [
                "Bucket": "b", "Key": "k", "UploadId": "u",
                "MultipartUpload": ["Parts": [["PartNumber": 1, "ETag": "\"e\""]]],
            ]
        ),
        ("s3", "GetObject", ["Bucket": "b", "Key": "k", "Range": "bytes=0-1", "IfModifiedSince": 1_700_000_000]),
        ("s3", "ListObjectsV2", ["Bucket": "b", "Prefix": "a/", "MaxKeys": 5]),
        ("sts", "AssumeRole", ["RoleArn": "a", "RoleSessionName": "s", "Tags": [["Key": "k", "Value": "v"]]]),
    ]

    @Test(arguments: inputs)
    func request(_ service: String, _ operation: String, _ input: JSON) throws {
        let side = try Side(service)
        let request = side.client.encode(input, of: try side.operation(operation))
        let call = try side.server.decode(request)
        #expect(call.operation.name == operation)
        #expect(call.input == input)
    }

    static let outputs: [(String, String, JSON)] = [
        ("sqs", "SendMessage", ["MessageId": "i", "MD5OfMessageBody": "5"]),
        ("sqs", "ReceiveMessage", ["Messages": [["Body": "b", "Attributes": ["SentTimestamp": "1"]]]]),
        (
            "dynamodb", "DescribeTable",
            [
                "Table": [
                    "TableName": "t", "CreationDateTime": .number(.init(unchecked: "1700000000.123")), "ItemCount": 7,
                ]
            ]
        ),
        ("sns", "ListTopics", ["Topics": [["TopicArn": "a"], ["TopicArn": "b"]], "NextToken": "n"]),
        ("sns", "GetTopicAttributes", ["Attributes": ["Owner": "1", "Policy": "{\"a\":\"<&>\"}"]]),
        (
            "cloudformation", "DescribeStacks",
            [
                "Stacks": [
                    [
                        "StackName": "s", "CreationTime": 1_700_000_000, "StackStatus": "CREATE_COMPLETE",
                        "DisableRollback": false, "Outputs": [],
                    ]
                ]
            ]
        ),
        (
            "iam", "GetRole",
            ["Role": ["Path": "/", "RoleName": "r", "RoleId": "i", "Arn": "a", "CreateDate": 1_700_000_000]]
        ),
        ("sts", "GetCallerIdentity", ["UserId": "u", "Account": "000000000000", "Arn": "a"]),
        ("lambda", "GetFunction", ["Configuration": ["FunctionName": "f", "Timeout": 3], "Tags": ["a": "b"]]),
        ("lambda", "Invoke", ["StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": .bytes([123, 125])]),
        ("logs", "DescribeLogGroups", ["logGroups": [["logGroupName": "g", "creationTime": 5]]]),
        (
            "s3", "ListObjectsV2",
            [
                "Name": "b", "KeyCount": 1, "IsTruncated": false,
                "Contents": [["Key": "k", "Size": 3, "LastModified": 1_700_000_000]],
                "CommonPrefixes": [["Prefix": "a/"]],
            ]
        ),
        (
            "s3", "HeadObject",
            ["ETag": "\"e\"", "ContentLength": 3, "LastModified": 1_700_000_000, "Metadata": ["a-b": "c"]]
        ),
        ("s3", "GetBucketLocation", ["LocationConstraint": "eu-west-1"]),
        ("s3", "ListBuckets", ["Buckets": [["Name": "b", "CreationDate": 1_700_000_000]], "Owner": ["ID": "o"]]),
        (
            "s3", "GetBucketAcl",
            [
                "Owner": ["ID": "o"],
                "Grants": [["Grantee": ["ID": "o", "Type": "CanonicalUser"], "Permission": "FULL_CONTROL"]],
            ]
        ),
        ("s3", "GetBucketPolicy", ["Policy": "{}"]),
    ]

    @Test(arguments: outputs)
    func answer(_ service: String, _ operation: String, _ output: JSON) throws {
        let side = try Side(service)
        let facts = try side.operation(operation)
        let response = side.server.encode(output, of: facts, wire: side.client.wire, requestId: "r")
        #expect(try side.client.decode(response, of: facts).get() == output)
    }

    @Test func everyOperationOfEveryServiceIsFoundAgain() throws {
        for id in ServiceModel.all {
            let side = try Side(id)
            for (name, operation) in side.model.operations {
                var input = JSON.Object()
                for member in operation.input?.members ?? [] where member.isRequired && member.location != nil {
                    input[member.name] = Self.sample(member.shape)
                }
                let request = side.client.encode(.object(input), of: operation)
                let call = try side.server.decode(request)
                #expect(call.operation.name == name)
                for (key, value) in input { #expect(call.input[key] == value, "\(id) \(name) \(key)") }
            }
        }
    }

    private static func sample(_ shape: Shape) -> JSON {
        switch shape.kind {
        case .integer, .long, .timestamp, .float, .double: 1
        case .boolean: true
        case .list: [shape.element.map { sample($0.shape) } ?? "x"]
        default: .string(shape.enumeration.first ?? "x")
        }
    }
}
