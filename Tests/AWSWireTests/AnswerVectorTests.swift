import AWSModel
import AWSWire
import JSON
import Testing

/// Answers and errors, byte for byte.
@Suite struct AnswerVectorTests {
    struct Body: Sendable {
        let service: String, wire: Wire, operation: String, output: JSON, body: String
        init(_ service: String, _ wire: Wire, _ operation: String, _ output: JSON, _ body: String) {
            (self.service, self.wire, self.operation, self.output, self.body) = (service, wire, operation, output, body)
        }
    }

    struct Head: Sendable {
        let service: String, wire: Wire, operation: String, output: JSON, status: Int, headers: [String: String]
        init(
            _ service: String, _ wire: Wire, _ operation: String, _ output: JSON, _ status: Int,
            _ headers: [String: String]
        ) {
            (self.service, self.wire, self.operation, self.output) = (service, wire, operation, output)
            (self.status, self.headers) = (status, headers)
        }
    }

    struct ErrorCase: Sendable {
        let service: String, request: HTTPRequest, error: AWSError, status: Int, headers: HTTPHeaders, body: String
        init(
            _ service: String, _ request: HTTPRequest, _ error: AWSError, _ status: Int, _ headers: HTTPHeaders,
            _ body: String
        ) {
            (self.service, self.request, self.error) = (service, request, error)
            (self.status, self.headers, self.body) = (status, headers, body)
        }
    }

    static let bodyCases: [Body] = [
        Body(
            "sqs", .json(version: "1.0"), "SendMessage", ["messageId": "i", "md5OfMessageBody": "5", "unknown": 1],
            #"{"MessageId":"i","MD5OfMessageBody":"5"}"#
        ),
        Body("sqs", .json(version: "1.0"), "PurgeQueue", [:], ""),
        Body("dynamodb", .json(version: "1.0"), "PutItem", [:], "{}"),
        Body(
            "dynamodb", .json(version: "1.0"), "GetItem", ["item": ["K": ["b": .bytes([1, 2])], "k": ["NULL": true]]],
            #"{"Item":{"K":{"B":"AQI="},"k":{"NULL":true}}}"#
        ),
        Body(
            "sqs", .query, "SendMessage", ["messageId": "i", "MD5OfMessageBody": "5"],
            #"<SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><SendMessageResult><MessageId>i</MessageId><MD5OfMessageBody>5</MD5OfMessageBody></SendMessageResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></SendMessageResponse>"#
        ),
        Body(
            "sqs", .query, "ReceiveMessage",
            [
                "messages": [
                    [
                        "body": "a<b", "attributes": ["SenderId": "1"],
                        "messageAttributes": ["k": ["dataType": "String", "stringValue": "v"]],
                    ]
                ]
            ],
            #"<ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult><Message><Body>a&lt;b</Body><Attribute><Name>SenderId</Name><Value>1</Value></Attribute><MessageAttribute><Name>k</Name><Value><DataType>String</DataType><StringValue>v</StringValue></Value></MessageAttribute></Message></ReceiveMessageResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ReceiveMessageResponse>"#
        ),
        Body(
            "sqs", .query, "ListQueues", ["queueUrls": ["a", "b"]],
            #"<ListQueuesResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ListQueuesResult><QueueUrl>a</QueueUrl><QueueUrl>b</QueueUrl></ListQueuesResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ListQueuesResponse>"#
        ),
        Body(
            "sns", .query, "GetTopicAttributes", ["attributes": ["Owner": "0"]],
            #"<GetTopicAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetTopicAttributesResult><Attributes><entry><key>Owner</key><value>0</value></entry></Attributes></GetTopicAttributesResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetTopicAttributesResponse>"#
        ),
        Body(
            "sns", .query, "DeleteTopic", [:],
            #"<DeleteTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DeleteTopicResponse>"#
        ),
        Body(
            "iam", .query, "GetRole",
            ["role": ["roleName": "n", "createDate": 1_700_000_000, "tags": [["key": "k", "value": ""]]]],
            #"<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><RoleName>n</RoleName><CreateDate>2023-11-14T22:13:20Z</CreateDate><Tags><member><Key>k</Key><Value></Value></member></Tags></Role></GetRoleResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetRoleResponse>"#
        ),
        Body(
            "cloudformation", .query, "DescribeStackEvents", ["stackEvents": [["timestamp": 1_700_000_000]]],
            #"<DescribeStackEventsResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStackEventsResult><StackEvents><member><Timestamp>2023-11-14T22:13:20.000Z</Timestamp></member></StackEvents></DescribeStackEventsResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeStackEventsResponse>"#
        ),
        Body(
            "lambda", .restJSON, "GetPolicy", ["policy": "{}", "revisionId": "1"], #"{"Policy":"{}","RevisionId":"1"}"#),
        Body("lambda", .restJSON, "Invoke", ["statusCode": 200, "payload": .bytes([0x31])], "1"),
        Body(
            "s3", .restXML, "GetBucketLocation", ["locationConstraint": "eu-west-1"],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1</LocationConstraint>"
        ),
        Body(
            "s3", .restXML, "ListObjectsV2",
            ["name": "b", "contents": [["key": "k", "lastModified": 1_700_000_000, "size": 3]], "commonPrefixes": []],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name><Contents><Key>k</Key><LastModified>2023-11-14T22:13:20.000Z</LastModified><Size>3</Size></Contents></ListBucketResult>"
        ),
        Body(
            "s3", .restXML, "CopyObject", ["copyObjectResult": ["eTag": "\"e\""], "versionId": "v"],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CopyObjectResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><ETag>&quot;e&quot;</ETag></CopyObjectResult>"
        ),
        Body(
            "s3", .restXML, "GetBucketAcl",
            ["grants": [["grantee": ["type": "CanonicalUser", "id": "o"], "permission": "READ"]]],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>o</ID></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>"
        ),
        Body("s3", .restXML, "GetBucketPolicy", ["policy": "{}"], "{}"),
        Body("s3", .restXML, "DeleteObject", ["deleteMarker": true], ""),
    ]

    @Test(arguments: bodyCases)
    func bodies(_ one: Body) throws {
        let side = try Side(one.service)
        let operation = try side.operation(one.operation)
        let response = side.server.encode(one.output, of: operation, wire: one.wire, requestId: "r")
        #expect(response.body.text == one.body)
    }

    static let headCases: [Head] = [
        Head(
            "sqs", .json(version: "1.0"), "SendMessage", [:], 200,
            ["x-amzn-RequestId": "r", "Content-Type": "application/x-amz-json-1.0"]),
        Head(
            "logs", .json(version: "1.1"), "DescribeLogGroups", [:], 200, ["Content-Type": "application/x-amz-json-1.1"]
        ),
        Head("dynamodb", .json(version: "1.0"), "PutItem", [:], 200, ["x-amz-crc32": "2745614147"]),
        Head("sns", .query, "Publish", [:], 200, ["x-amzn-RequestId": "r", "Content-Type": "text/xml"]),
        Head(
            "lambda", .restJSON, "CreateFunction", [:], 201,
            ["Content-Type": "application/json", "x-amzn-RequestId": "r"]),
        Head("lambda", .restJSON, "DeleteAlias", [:], 204, [:]),
        Head(
            "lambda", .restJSON, "Invoke", ["statusCode": 202, "executedVersion": "1", "functionError": "Unhandled"],
            202, ["X-Amz-Executed-Version": "1", "X-Amz-Function-Error": "Unhandled"]),
        Head(
            "s3", .restXML, "DeleteObject", ["deleteMarker": true], 204,
            ["x-amz-request-id": "r", "x-amz-delete-marker": "true"]),
        Head(
            "s3", .restXML, "HeadObject", ["contentLength": 3, "lastModified": 1_700_000_000, "metadata": ["a": "b"]],
            200, ["Content-Length": "3", "Last-Modified": "Tue, 14 Nov 2023 22:13:20 GMT", "x-amz-meta-a": "b"]),
    ]

    @Test(arguments: headCases)
    func heads(_ one: Head) throws {
        let side = try Side(one.service)
        let operation = try side.operation(one.operation)
        let response = side.server.encode(one.output, of: operation, wire: one.wire, requestId: "r")
        #expect(response.status == one.status)
        for (name, value) in one.headers { #expect(response.headers[name] == value) }
    }

    static let target: HTTPHeaders = ["X-Amz-Target": "x.y"]

    static let errorCases: [ErrorCase] = [
        ErrorCase(
            "sqs", request("POST", "/", target), AWSError("QueueDoesNotExist", "The specified queue does not exist."),
            400,
            [
                "x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender",
                "Content-Type": "application/x-amz-json-1.0",
            ],
            #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#
        ),
        ErrorCase(
            "sqs", request("POST", "/", target), AWSError("InvalidParameterValue", "m"), 400,
            ["x-amzn-query-error": "InvalidParameterValue;Sender"],
            #"{"__type":"com.amazon.coral.service#InvalidParameterValueException","message":"m"}"#
        ),
        ErrorCase(
            "sqs", request("POST", "/", target), AWSError("MissingParameter", "m"), 400,
            ["x-amzn-query-error": "MissingParameter;Sender"],
            #"{"__type":"com.amazon.coral.service#MissingRequiredParameterException","message":"m"}"#
        ),
        ErrorCase(
            "sqs", request("POST", "/", target), AWSError("ReceiptHandleIsInvalid", "m"), 404, [:],
            #"{"__type":"com.amazonaws.sqs#ReceiptHandleIsInvalid","message":"m"}"#
        ),
        ErrorCase(
            "sqs", request(), AWSError("QueueDoesNotExist", "m"), 400, ["Content-Type": "text/xml"],
            #"<ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>"#
        ),
        ErrorCase(
            "dynamodb", request(), AWSError("ResourceNotFoundException", "Requested resource not found"), 400,
            ["x-amz-crc32": "3737639027"],
            #"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"}"#
        ),
        ErrorCase(
            "dynamodb", request(), AWSError("ValidationException", "m"), 400, [:],
            #"{"__type":"com.amazon.coral.validate#ValidationException","message":"m"}"#
        ),
        ErrorCase(
            "dynamodb", request(), .serialization(), 400, [:],
            #"{"__type":"com.amazon.coral.service#SerializationException"}"#),
        ErrorCase(
            "dynamodb", request(), .serialization("m"), 400, [:],
            #"{"__type":"com.amazon.coral.service#SerializationException","Message":"m"}"#
        ),
        ErrorCase(
            "dynamodb", request(),
            AWSError("TransactionCanceledException", "m", fields: ["cancellationReasons": [["Code": "None"]]]), 400,
            [:],
            #"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"m","CancellationReasons":[{"Code":"None"}]}"#
        ),
        ErrorCase(
            "logs", request(), AWSError("ResourceNotFoundException", "m"), 400,
            ["Content-Type": "application/x-amz-json-1.1"],
            #"{"__type":"ResourceNotFoundException","message":"m"}"#
        ),
        ErrorCase(
            "lambda", request("GET"), AWSError("ResourceNotFoundException", "m"), 404,
            ["x-amzn-ErrorType": "ResourceNotFoundException"],
            #"{"Type":"User","Message":"m"}"#
        ),
        ErrorCase(
            "lambda", request("GET"),
            AWSError("TooManyRequestsException", "m", fields: ["retryAfterSeconds": "1", "reason": "X"]), 429,
            ["Retry-After": "1"], #"{"Type":"User","message":"m","Reason":"X"}"#
        ),
        ErrorCase(
            "lambda", request("GET"), AWSError("ServiceException", "m", status: 500), 500, [:],
            #"{"Type":"Service","Message":"m"}"#),
        ErrorCase(
            "sns", request(), AWSError("NotFound", "m"), 404, [:],
            #"<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotFound</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>"#
        ),
        ErrorCase(
            "iam", request(), AWSError("NoSuchEntityException", "m"), 404, [:],
            #"<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>"#
        ),
        ErrorCase(
            "s3", request("GET", "/b/k"), AWSError("NoSuchKey", "m", fields: ["Key": "k"]), 404,
            ["x-amz-request-id": "r", "x-amz-id-2": "YmF0b24vcg=="],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>m</Message><Key>k</Key><RequestId>r</RequestId><HostId>YmF0b24vcg==</HostId></Error>"
        ),
        ErrorCase(
            "s3", request("GET", "/b/k%20x"), AWSError("AccessDenied", "m", status: 403), 403, [:],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>m</Message><Resource>/b/k x</Resource><RequestId>r</RequestId><HostId>YmF0b24vcg==</HostId></Error>"
        ),
        ErrorCase("s3", request("HEAD", "/b/k"), AWSError("NoSuchKey", "m"), 404, [:], ""),
    ]

    @Test(arguments: errorCases)
    func errors(_ one: ErrorCase) throws {
        let response = try Side(one.service).server.encode(one.error, for: one.request, requestId: "r")
        #expect(response.status == one.status)
        #expect(response.body.text == one.body)
        for (name, value) in one.headers.fields { #expect(response.headers[name] == value) }
    }

    /// The client sees the error that the server meant, under its shape's name, in every protocol.
    @Test(arguments: [
        ("sqs", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
        ("dynamodb", "ResourceNotFoundException", nil),
        ("lambda", "ResourceConflictException", nil), ("sns", "NotFoundException", "NotFound"),
        ("iam", "EntityAlreadyExistsException", "EntityAlreadyExists"), ("s3", "NoSuchBucket", "NoSuchBucket"),
        ("logs", "ResourceNotFoundException", nil),
        ("cloudformation", "AlreadyExistsException", "AlreadyExistsException"),
    ])
    func errorRoundTrip(_ service: String, _ code: String, _ queryCode: String?) throws {
        let side = try Side(service)
        let operation = try #require(side.model.operations.values.first)
        let request = side.client.encode([:], of: operation)
        var seen = request
        seen.method = "GET"
        let response = side.server.encode(AWSError(code, "text"), for: seen, requestId: "r")
        guard case .failure(let error) = side.client.decode(response, of: operation) else {
            Issue.record("no error")
            return
        }
        #expect(error.code == code)
        #expect(error.queryCode == queryCode)
        #expect(error.message == "text")
    }

    @Test(arguments: [
        (404, "", "NotFound"), (500, "<html>", "InternalFailure"), (503, "{}", "InternalFailure"),
        (400, "[]", "BadRequest"),
    ])
    func errorsWithoutABody(_ status: Int, _ body: String, _ code: String) throws {
        for service in ["s3", "sqs", "sns", "lambda"] {
            let side = try Side(service)
            let operation = try #require(side.model.operations.values.first)
            let response = HTTPResponse(status: status, body: .bytes(Array(body.utf8)))
            guard case .failure(let error) = side.client.decode(response, of: operation) else {
                Issue.record("no error")
                return
            }
            #expect(error.code == code)
            #expect(error.status == status)
        }
    }
}
