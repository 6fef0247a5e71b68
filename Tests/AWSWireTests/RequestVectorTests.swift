import AWSModel
import AWSWire
import JSON
import Testing

/// Requests as AWS's own clients write them, and the trees that the server reads.
@Suite struct RequestVectorTests {
    struct Vector: Sendable, CustomStringConvertible {
        let service: String
        let request: HTTPRequest
        let operation: String
        let input: JSON
        var description: String { "\(service) \(operation)" }

        init(_ service: String, _ request: HTTPRequest, _ operation: String, _ input: JSON) {
            self.service = service
            self.request = request
            self.operation = operation
            self.input = input
        }
    }

    static let sqsTarget: @Sendable (String) -> HTTPHeaders = {
        ["X-Amz-Target": "AmazonSQS.\($0)", "Content-Type": "application/x-amz-json-1.0"]
    }
    static let dynamoTarget: @Sendable (String) -> HTTPHeaders = { ["X-Amz-Target": "DynamoDB_20120810.\($0)"] }
    static let form: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded", "Host": "localhost:4566"]

    static let json: [Vector] = [
        Vector(
            "sqs", request("POST", "/", sqsTarget("SendMessage"), #"{"QueueUrl":"u","MessageBody":"b","Unknown":[1]}"#),
            "SendMessage", ["QueueUrl": "u", "MessageBody": "b"]),
        Vector(
            "sqs",
            request("POST", "/", sqsTarget("SendMessage"), #"{"QueueUrl":"u","DelaySeconds":null,"MessageBody":"b"}"#),
            "SendMessage", ["QueueUrl": "u", "MessageBody": "b"]),
        Vector(
            "sqs",
            request(
                "POST", "/", sqsTarget("SendMessage"),
                #"{"MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"AP8="}}}"#),
            "SendMessage", ["MessageAttributes": ["a": ["DataType": "Binary", "BinaryValue": .bytes([0, 255])]]]),
        Vector("sqs", request("POST", "/", sqsTarget("ListQueues"), ""), "ListQueues", [:]),
        Vector(
            "sqs", request("POST", "/", sqsTarget("DeleteMessageBatch"), #"{"Entries":[null,{"Id":"1"}]}"#),
            "DeleteMessageBatch", ["Entries": [["Id": "1"]]]),
        Vector(
            "dynamodb", request("POST", "/", dynamoTarget("Query"), #"{"Limit":5.7,"ConsistentRead":true}"#), "Query",
            ["Limit": 5, "ConsistentRead": true]),
        Vector(
            "dynamodb", request("POST", "/", dynamoTarget("ListBackups"), #"{"TimeRangeLowerBound":1.7E9}"#),
            "ListBackups",
            ["TimeRangeLowerBound": .number(.init(unchecked: "1.7E9"))]),
    ]

    static let query: [Vector] = [
        Vector(
            "sqs",
            request(
                "POST", "/", form,
                "Action=CreateQueue&Version=2012-11-05&QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5"
                    + "&Attribute.2.Name=FifoQueue&Attribute.2.Value=true&Tag.1.Key=k&Tag.1.Value=v+w"),
            "CreateQueue",
            ["QueueName": "q", "Attributes": ["DelaySeconds": "5", "FifoQueue": "true"], "tags": ["k": "v w"]]),
        Vector(
            "sqs",
            request(
                "POST", "/000000000000/q", form,
                "Action=SendMessageBatch&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x"
                    + "&SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=%C3%BC"
                    + "&SendMessageBatchRequestEntry.2.MessageAttribute.1.Name=n"
                    + "&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.DataType=String"
                    + "&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.StringValue=s"),
            "SendMessageBatch",
            [
                "Entries": [
                    ["Id": "a", "MessageBody": "x"],
                    [
                        "Id": "b", "MessageBody": "ü",
                        "MessageAttributes": ["n": ["StringValue": "s", "DataType": "String"]],
                    ],
                ], "QueueUrl": "http://localhost:4566/000000000000/q",
            ]),
        Vector(
            "sqs",
            request(
                "GET",
                "/0/q?Action=ReceiveMessage&AttributeName.1=All&AttributeName.2=SentTimestamp&MaxNumberOfMessages=2"),
            "ReceiveMessage",
            [
                "AttributeNames": ["All", "SentTimestamp"], "MaxNumberOfMessages": 2,
                "QueueUrl": "http://localhost/0/q",
            ]),
        Vector(
            "sns",
            request(
                "POST", "/", form,
                "Action=Publish&TopicArn=t&Message=m&MessageAttributes.entry.1.Name=k"
                    + "&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v"),
            "Publish",
            ["TopicArn": "t", "Message": "m", "MessageAttributes": ["k": ["DataType": "String", "StringValue": "v"]]]),
        Vector(
            "sns",
            request(
                "POST", "/", form,
                "Action=CreateTopic&Name=n&Attributes.entry.2.key=b&Attributes.entry.2.value=2&Attributes.entry.1.key=a"
                    + "&Attributes.entry.1.value=1&Tags.member.10.Key=z&Tags.member.10.Value=&Tags.member.9.Key=y"),
            "CreateTopic",
            ["Name": "n", "Attributes": ["a": "1", "b": "2"], "Tags": [["Key": "y"], ["Key": "z", "Value": ""]]]),
        Vector(
            "cloudformation",
            request(
                "POST", "/", form,
                "Action=CreateStack&StackName=s&Capabilities=&DisableRollback=true&TimeoutInMinutes=7"),
            "CreateStack", ["StackName": "s", "TimeoutInMinutes": 7, "DisableRollback": true, "Capabilities": []]),
    ]

    static let rest: [Vector] = [
        Vector(
            "lambda",
            request(
                "POST",
                "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A0%3Afunction%3Af/invocations?Qualifier=2",
                ["X-Amz-Invocation-Type": "Event", "x-amz-log-type": "Tail"], #"{"a":1}"#),
            "Invoke",
            [
                "FunctionName": "arn:aws:lambda:us-east-1:0:function:f", "InvocationType": "Event", "LogType": "Tail",
                "Qualifier": "2", "Payload": .bytes(Array(#"{"a":1}"#.utf8)),
            ]),
        Vector("lambda", request("GET", "/2015-03-31/functions/"), "ListFunctions", [:]),
        Vector("lambda", request("GET", "/2015-03-31/functions?MaxItems=3"), "ListFunctions", ["MaxItems": 3]),
        Vector(
            "lambda",
            request("PUT", "/2015-03-31/functions/f/configuration", [:], #"{"Timeout":5,"FunctionName":"evil"}"#),
            "UpdateFunctionConfiguration", ["FunctionName": "f", "Timeout": 5]),
        Vector(
            "lambda", request("DELETE", "/2017-03-31/tags/arn%3Aa%2Fb?tagKeys=a%20b&tagKeys=c"), "UntagResource",
            ["Resource": "arn:a/b", "TagKeys": ["a b", "c"]]),
        Vector("s3", request("GET", "/"), "ListBuckets", [:]),
        Vector("s3", request("PUT", "/b"), "CreateBucket", ["Bucket": "b"]),
        Vector("s3", request("PUT", "/b/"), "CreateBucket", ["Bucket": "b"]),
        Vector(
            "s3",
            request(
                "PUT", "/b", [:],
                #"<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"#
            ),
            "CreateBucket", ["Bucket": "b", "CreateBucketConfiguration": ["LocationConstraint": "eu-west-1"]]),
        Vector("s3", request("GET", "/b?location"), "GetBucketLocation", ["Bucket": "b"]),
        Vector("s3", request("GET", "/b?location="), "GetBucketLocation", ["Bucket": "b"]),
        Vector(
            "s3", request("GET", "/b?list-type=2&prefix=a%2F&max-keys=2&delimiter="), "ListObjectsV2",
            ["Bucket": "b", "Delimiter": "", "MaxKeys": 2, "Prefix": "a/"]),
        Vector("s3", request("GET", "/b?marker=x"), "ListObjects", ["Bucket": "b", "Marker": "x"]),
        Vector("s3", request("GET", "/b?versions"), "ListObjectVersions", ["Bucket": "b"]),
        Vector("s3", request("GET", "/b/a//c%20d/"), "GetObject", ["Bucket": "b", "Key": "a//c d/"]),
        Vector("s3", request("GET", "/b//a"), "GetObject", ["Bucket": "b", "Key": "/a"]),
        Vector("s3", request("GET", "/b/k?tagging"), "GetObjectTagging", ["Bucket": "b", "Key": "k"]),
        Vector("s3", request("GET", "/b/k?uploadId=u"), "ListParts", ["Bucket": "b", "Key": "k", "UploadId": "u"]),
        Vector(
            "s3", request("GET", "/k/x", ["Host": "b.s3.us-east-1.amazonaws.com"]), "GetObject",
            ["Bucket": "b", "Key": "k/x"]),
        Vector(
            "s3", request("GET", "/?list-type=2", ["Host": "my.b.localhost:4566"]), "ListObjectsV2", ["Bucket": "my.b"]),
        Vector("s3", request("GET", "/b", ["Host": "s3.localhost:4566"]), "ListObjects", ["Bucket": "b"]),
        Vector(
            "s3", request("PUT", "/b/k?partNumber=2&uploadId=u"), "UploadPart",
            ["Bucket": "b", "Key": "k", "PartNumber": 2, "UploadId": "u"]),
        Vector(
            "s3", request("PUT", "/b/k", ["x-amz-copy-source": "/c/d"]), "CopyObject",
            ["Bucket": "b", "Key": "k", "CopySource": "/c/d"]),
        Vector(
            "s3", request("PUT", "/b/k?x-id=PutObject", ["X-Amz-Meta-Color": "red", "Content-Length": "3"], "abc"),
            "PutObject",
            ["Bucket": "b", "Key": "k", "ContentLength": 3, "Metadata": ["color": "red"]]),
        Vector("s3", request("POST", "/b/k?uploads"), "CreateMultipartUpload", ["Bucket": "b", "Key": "k"]),
        Vector(
            "s3", request("DELETE", "/b/k?uploadId=u"), "AbortMultipartUpload",
            ["Bucket": "b", "Key": "k", "UploadId": "u"]),
        Vector(
            "s3",
            request(
                "POST", "/b?delete", [:],
                "<?xml version='1.0'?><Delete><!-- x --><Object><Key>a&amp;b</Key></Object><Object><Key><![CDATA[<c>]]></Key></Object></Delete>"
            ),
            "DeleteObjects", ["Bucket": "b", "Delete": ["Objects": [["Key": "a&b"], ["Key": "<c>"]]]]),
        Vector(
            "s3",
            request("GET", "/b/k", ["If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT", "Range": "bytes=0-"]),
            "GetObject",
            ["Bucket": "b", "IfModifiedSince": 1_700_000_000, "Key": "k", "Range": "bytes=0-"]),
    ]

    @Test(arguments: json + query + rest)
    func reads(_ vector: Vector) throws {
        let call = try Side(vector.service).server.decode(vector.request)
        #expect(call.operation.name == vector.operation)
        #expect(call.input == vector.input)
    }

    static let refused: [(String, HTTPRequest, String, String)] = [
        ("sqs", request("POST", "/", sqsTarget("Nonsense"), "{}"), "UnknownOperationException", ""),
        ("sqs", request("POST", "/", sqsTarget("SendMessage"), "{"), "SerializationException", ""),
        (
            "sqs", request("POST", "/", form, "Version=1"), "MissingAction",
            "The request must contain the parameter Action"
        ),
        (
            "sns", request("POST", "/", form, "Action=Dance&Version=2010-03-31"), "InvalidAction",
            "Could not find operation Dance for version 2010-03-31"
        ),
        (
            "iam", request("POST", "/", form, "Action=CreateRole&MaxSessionDuration=x"), "MalformedInput",
            "'x' can not be converted to an Integer"
        ),
        ("dynamodb", request("POST", "/", [:], "{}"), "UnknownOperationException", ""),
        ("lambda", request("GET", "/nonsense"), "UnknownOperationException", ""),
        (
            "s3", request("PATCH", "/b"), "MethodNotAllowed",
            "The specified method is not allowed against this resource."
        ),
        (
            "s3", request("POST", "/b?delete", [:], "<Delete><Object>"), "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema"
        ),
        (
            "s3", request("GET", "/b?list-type=2&max-keys=x"), "InvalidArgument",
            "Value 'x' of max-keys cannot be converted to Integer"
        ),
    ]

    @Test(arguments: refused)
    func refuses(_ service: String, _ request: HTTPRequest, _ code: String, _ message: String) throws {
        let server = try Side(service).server
        let error = errorOf { try server.decode(request) }
        #expect(error?.code == code)
        #expect(error?.message == message)
    }

    /// Texts seen from DynamoDB.
    static let mismatches: [(String, String)] = [
        (#"{"TableName":true}"#, "TRUE_VALUE cannot be converted to String"),
        (#"{"TableName":23}"#, "NUMBER_VALUE cannot be converted to String"),
        (#"{"TableName":34.56}"#, "DECIMAL_VALUE cannot be converted to String"),
        (#"{"TableName":[]}"#, "Unrecognized collection type class java.lang.String"),
        (#"{"TableName":{}}"#, "Start of structure or map found where not expected"),
        (#"{"ConsistentRead":"true"}"#, "Unexpected token received from parser"),
        (#"{"ConsistentRead":23}"#, "NUMBER_VALUE cannot be converted to Boolean"),
        (#"{"Key":"23"}"#, "Unexpected field type"),
        (
            #"{"Key":[]}"#,
            "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"
        ),
        (
            #"{"ExpressionAttributeNames":[]}"#,
            "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>"
        ),
        (#"{"Key":{"a":"x"}}"#, "Unexpected value type in payload"),
        (#"{"Key":{"a":[]}}"#, "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"),
        (#"{"Key":{"a":{"B":true}}}"#, "only base-64-encoded strings are convertible to bytes"),
        (#"{"Key":{"a":{"B":[]}}}"#, "Unrecognized collection type class java.nio.ByteBuffer"),
        (
            #"{"Key":{"a":{"B":"23456"}}}"#,
            "Base64 encoded length is expected a multiple of 4 bytes but found: 5"
        ),
        (#"{"Key":{"a":{"B":"=+/="}}}"#, "Invalid last non-pad Base64 character dectected"),
        (#"{"AttributesToGet":"a"}"#, "Unexpected field type"),
    ]

    @Test(arguments: mismatches)
    func typeMismatches(_ body: String, _ message: String) throws {
        let server = try Side("dynamodb").server
        let error = errorOf { try server.decode(request("POST", "/", Self.dynamoTarget("GetItem"), body)) }
        #expect(error == .serialization(message))
    }
}
