import BatonTesting
import EventBridge
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("Optimised integrations")
struct OptimizedTaskTests {
    @Test(
        "SQS: a text goes as it is, anything else as JSON",
        arguments: [
            ("hello", "hello"),
            (["a": 1, "b": ["c"]], #"{"a":1,"b":["c"]}"#),
            (["x"], #"["x"]"#),
            (7, "7"),
        ] as [(JSON, String)])
    func message(body: JSON, sent: String) async throws {
        let host = try await TaskHost()
        let queue = try await host.queue()
        let answer = try await host.run("sqs:sendMessage", ["QueueUrl": queue, "MessageBody": body])
        guard case .succeeded = answer else { Issue.record("\(answer)"); return }
        #expect(try await host.bodies(queue) == [sent])
    }

    @Test("results show the HTTP answer as recorded of AWS")
    func metadata() async throws {
        let host = try await TaskHost()
        let answer = try await host.run("sqs:sendMessage", ["QueueUrl": try await host.queue(), "MessageBody": "m"])
        let output = try #require(answer.output)
        #expect(
            output.object?.keys == ["MD5OfMessageBody", "MessageId", "SdkHttpMetadata", "SdkResponseMetadata"])
        let http = try #require(output["SdkHttpMetadata"])
        #expect(http["HttpStatusCode"] == 200)
        #expect(
            http["HttpHeaders"]?.object?.keys
                == ["x-amzn-RequestId", "connection", "Content-Length", "Date", "Content-Type"])
        #expect(http["HttpHeaders"]?["Content-Length"] == "106")
        #expect(http["AllHttpHeaders"]?["Content-Type"] == ["application/x-amz-json-1.0"])
        #expect(http["HttpHeaders"]?["x-amzn-RequestId"] == output["SdkResponseMetadata"]?["RequestId"])
    }

    @Test("DynamoDB: the lengths and headers of its answers")
    func dynamodb() async throws {
        let host = try await TaskHost()
        try await host.table("Tab")
        let item: JSON = ["id": ["S": "id1"], "data": ["S": "string-literal"]]
        let put = try await host.run("dynamodb:putItem", ["TableName": "Tab", "Item": item])
        #expect(put.output?["SdkHttpMetadata"]?["HttpHeaders"]?["Content-Length"] == "2")
        let got = try await host.run("dynamodb:getItem", ["TableName": "Tab", "Key": ["id": ["S": "id1"]]])
        #expect(got.output?["Item"] == item)
        #expect(got.output?["SdkHttpMetadata"]?["HttpHeaders"]?["Content-Length"] == "57")
        #expect(got.output?["SdkHttpMetadata"]?["HttpHeaders"]?["x-amz-crc32"] != nil)
    }

    @Test("SNS: publishes, and names what is missing as the older SDK does")
    func topics() async throws {
        let host = try await TaskHost()
        let topic = try await host.host.call("sns", "CreateTopic", ["Name": "t"])["TopicArn"] ?? .null
        let sent = try await host.run("sns:publish", ["TopicArn": topic, "Message": ["a": "b"]])
        #expect(sent.output?["SdkHttpMetadata"]?["HttpHeaders"]?["Content-Length"] == "294")
        let missing = try await host.run(
            "sns:publish", ["TopicArn": "arn:aws:sns:us-east-1:000000000000:none", "Message": "m"])
        #expect(
            missing.error?.stable
                == "SNS.NotFoundException | Topic does not exist (Service: AmazonSNS; Status Code: 404; "
                + "Error Code: NotFound; Request ID: <id>; Proxy: null)")
    }

    @Test("events name the execution that sent them; one that is refused fails the task")
    func events() async throws {
        let host = try await TaskHost([EventBridge()])
        let sent = try await host.run(
            "events:putEvents",
            ["Entries": [["Source": "s", "DetailType": "t", "Detail": ["a": 1], "Resources": ["r"]]]])
        #expect(sent.output?["FailedEntryCount"] == 0)
        let refused = try await host.run(
            "events:putEvents",
            [
                "Entries": [
                    ["Source": "s", "DetailType": "t", "Detail": ["a": 1]], ["DetailType": "t", "Detail": ["a": 1]],
                ]
            ])
        let error = try #require(refused.error)
        #expect(error.error == "EventBridge.FailedEntry")
        let cause = try JSON.parse(error.cause ?? "")
        #expect(cause["FailedEntryCount"] == 1)
        #expect(
            cause["Entries"]?[1] == [
                "ErrorCode": "InvalidArgument",
                "ErrorMessage": "Parameter Source is not valid. Reason: Source is a required argument.",
            ])
    }

    @Test("a token pattern is submitted, not done")
    func token() async throws {
        let host = try await TaskHost()
        let queue = try await host.queue()
        let answer = try await host.run(
            "sqs:sendMessage.waitForTaskToken", ["QueueUrl": queue, "MessageBody": ["TaskToken": "token"]])
        guard case .submitted(_, then: .token) = answer else { Issue.record("\(answer)"); return }
        #expect(try await host.bodies(queue) == [#"{"TaskToken":"token"}"#])
    }

    @Test(
        "writes take part in the transaction that records them",
        arguments: [
            ("sqs:sendMessage", ["QueueUrl": "$q", "MessageBody": "m"], true),
            ("aws-sdk:sqs:sendMessage", ["QueueUrl": "$q", "MessageBody": "m"], true),
            ("dynamodb:putItem", ["TableName": "Tab", "Item": ["id": ["S": "1"]]], true),
            ("dynamodb:getItem", ["TableName": "Tab", "Key": ["id": ["S": "1"]]], false),
            ("aws-sdk:sqs:listQueues", [:], false),
        ] as [(String, JSON, Bool)])
    func enlisted(resource: String, parameters: JSON, isEnlisted: Bool) async throws {
        let host = try await TaskHost()
        try await host.table("Tab")
        var parameters = parameters
        if parameters["QueueUrl"] != nil { parameters["QueueUrl"] = try await host.queue() }
        #expect(try host.isEnlisted(resource, parameters) == isEnlisted)
    }

    @Test(
        "failures bear AWS's names",
        arguments: [
            (
                "dynamodb:putItem", ["TableName": "None", "Item": ["id": ["S": "1"]]],
                "DynamoDB.ResourceNotFoundException | Requested resource not found (Service: AmazonDynamoDBv2; "
                    + "Status Code: 400; Error Code: ResourceNotFoundException; Request ID: <id>; Proxy: null)"
            ),
            (
                "sqs:sendMessage.waitForTaskToken",
                ["QueueUrl": "http://localhost:4566/000000000000/none", "MessageBody": "m"],
                "SQS.QueueDoesNotExistException | The specified queue does not exist. (Service: AmazonSQS; "
                    + "Status Code: 400; Error Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: <id>; "
                    + "Proxy: null)"
            ),
            (
                "athena:startQueryExecution.sync", ["QueryString": "select 1"],
                "Athena.ServiceUnavailableException | The service athena is not available: it is not part of this "
                    + "Baton and not routed to AWS."
            ),
        ] as [(String, JSON, String)])
    func failures(resource: String, parameters: JSON, error: String) async throws {
        let host = try await TaskHost()
        #expect(try await host.run(resource, parameters).error?.stable == error)
    }

    @Test(
        "parameters that fit no call end the execution",
        arguments: [
            ("sqs:sendMessage", ["QueueUrl": "u"], "[The field 'MessageBody' is required but was missing]"),
            (
                "sns:publish", ["Message": "m", "Extra": 1],
                "[The field \"Extra\" is not supported by Step Functions]"
            ),
            (
                "dynamodb:getItem", ["TableName": "Tab", "Key": "x"],
                "[The value of the field 'Key' has an invalid format]"
            ),
            ("apigateway:invoke", ["Method": "GET"], "[The field 'ApiEndpoint' is required but was missing]"),
        ] as [(String, JSON, String)])
    func unfit(resource: String, parameters: JSON, problems: String) throws {
        #expect(
            Tasks().unfit(try TaskResource("arn:aws:states:::" + resource), parameters)
                == "The Parameters '\(parameters.text())' could not be used to start the Task: \(problems)")
    }
}

extension TaskHost {
    func table(_ name: String) async throws { try await Self.table(name, host) }

    static func table(_ name: String, _ host: TestHost) async throws {
        try await host.call(
            "dynamodb", "CreateTable",
            [
                "TableName": .string(name), "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [["AttributeName": "id", "AttributeType": "S"]],
                "KeySchema": [["AttributeName": "id", "KeyType": "HASH"]],
            ])
    }
}
