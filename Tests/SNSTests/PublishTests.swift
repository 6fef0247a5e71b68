import AWSWire
import JSON
import Testing

@testable import SNS

@Suite("Publishing")
struct PublishTests {
    @Test("puts AWS's envelope into queues")
    func envelope() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        let arn = try await host.subscribe(topic, "sqs", try await host.queue())
        let answer = try await host.publish(
            topic, "say \"hi\"",
            [
                "Subject": "Greeting",
                "MessageAttributes": [
                    "kind": ["DataType": "String", "StringValue": "x"],
                    "bin": ["DataType": "Binary", "BinaryValue": .bytes([2, 3, 4])],
                ],
            ])
        #expect(answer["SequenceNumber"] == nil)
        let time = Timestamp.text(host.nowMs)
        #expect(
            try await host.bodies() == [
                """
                {
                  "Type" : "Notification",
                  "MessageId" : "\(answer["MessageId"]?.string ?? "")",
                  "TopicArn" : "\(topic)",
                  "Subject" : "Greeting",
                  "Message" : "say \\"hi\\"",
                  "Timestamp" : "\(time)",
                  "SignatureVersion" : "1",
                  "Signature" : "\(Envelope.signature)",
                  "SigningCertURL" : "http://localhost:4566/SimpleNotificationService-00000000000000000000000000000000.pem",
                  "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=\(arn)",
                  "MessageAttributes" : {
                    "kind" : {"Type":"String","Value":"x"},
                    "bin" : {"Type":"Binary","Value":"AgME"}
                  }
                }
                """
            ])
    }

    @Test("puts raw messages with their attributes into queues")
    func raw() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        try await host.subscribe(topic, "sqs", try await host.queue(), ["RawMessageDelivery": "true"])
        try await host.publish(
            topic, "text",
            [
                "MessageGroupId": "group",
                "MessageAttributes": ["a": ["DataType": "Number", "StringValue": "99.12"]],
            ])
        let message = try #require(try await host.received().first)
        #expect(message["Body"] == "text")
        #expect(message["MessageAttributes"]?["a"]?["DataType"] == "Number")
        #expect(message["MessageAttributes"]?["a"]?["StringValue"] == "99.12")
        #expect(message["Attributes"]?["MessageGroupId"] == "group")
    }

    @Test("gives functions AWS's event")
    func function() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        let arn = try await host.subscribe(topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:f")
        let answer = try await host.publish(
            topic, #"{"jobId":"StartEtlProcess"}"#,
            ["MessageAttributes": ["a": ["DataType": "String", "StringValue": "b"]]])
        await host.settle()
        let call = try #require(host.lambda.calls.first)
        #expect(call["FunctionName"] == "arn:aws:lambda:us-east-1:000000000000:function:f")
        #expect(call["InvocationType"] == "Event")
        #expect(
            try JSON.parse(call["Payload"]?.string ?? "").text()
                == #"{"Records":[{"EventSource":"aws:sns","EventVersion":"1.0","EventSubscriptionArn":"\#(arn)","Sns":{"#
                + #""Type":"Notification","MessageId":"\#(answer["MessageId"]?.string ?? "")","TopicArn":"\#(topic)","#
                + #""Subject":null,"Message":"{\"jobId\":\"StartEtlProcess\"}","#
                + #""Timestamp":"\#(Timestamp.text(host.nowMs))","SignatureVersion":"1","#
                + #""Signature":"\#(Envelope.signature)","#
                + #""SigningCertUrl":"http://localhost:4566/SimpleNotificationService-00000000000000000000000000000000.pem","#
                + #""UnsubscribeUrl":"http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=\#(arn)","#
                + #""MessageAttributes":{"a":{"Type":"String","Value":"b"}}}}]}"#)
    }

    @Test("commits all queues in one transaction")
    func oneTransaction() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        for name in ["a", "b", "c"] { try await host.subscribe(topic, "sqs", try await host.queue(name)) }
        let before = host.closures
        try await host.publish(topic, "m")
        #expect(host.closures == before + 1)
        for name in ["a", "b", "c"] { #expect(try await host.bodies(name).count == 1) }
    }

    @Test("writes nothing when nobody listens")
    func nobody() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        let before = host.closures
        #expect(try await host.publish(topic, "m")["MessageId"]?.string?.count == 36)
        #expect(host.closures == before)
    }

    @Test("takes the topic as target too")
    func target() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        try await host.subscribe(topic, "sqs", try await host.queue(), ["RawMessageDelivery": "true"])
        try await host.sns("Publish", ["TargetArn": .string(topic), "Message": "m"])
        #expect(try await host.bodies() == ["m"])
    }

    @Test("gives each protocol its text")
    func structure() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        try await host.subscribe(topic, "sqs", try await host.queue(), ["RawMessageDelivery": "true"])
        try await host.publish(topic, #"{"default":"d","sqs":"q"}"#, ["MessageStructure": "json"])
        try await host.publish(topic, #"{"default":"d","sqs":5}"#, ["MessageStructure": "json"])
        #expect(try await host.bodies() == ["q", "d"])
    }

    static let long = String(repeating: "a", count: 262_144)
    static let refusals: [(JSON.Object, AWSError)] = [
        (["Message": ""], .invalid("Empty message")), (["Subject": ""], .invalid("Subject")),
        (["Subject": "a\nb"], .invalid("Subject")),
        (["Subject": .string(String(repeating: "a", count: 101))], .invalid("Subject")),
        (["Message": .string(long + "a")], .invalid("Message too long")),
        (
            ["Message": .string(long), "MessageAttributes": ["a": ["DataType": "String", "StringValue": "b"]]],
            .invalid("Message too long")
        ),
        (
            ["Message": "x", "MessageStructure": "json"],
            .invalid("Message Structure - JSON message body failed to parse")
        ),
        (
            ["Message": "{}", "MessageStructure": "json"],
            .invalid("Message Structure - No default entry in JSON message body")
        ),
        (
            ["Message": #"{"default":{}}"#, "MessageStructure": "json"],
            .invalid("Message Structure - No default entry in JSON message body")
        ),
        (
            ["MessageDeduplicationId": "d"],
            .invalid(
                "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid "
                    + "for this topic type")
        ),
        (
            ["MessageAttributes": ["a": ["DataType": "String"]]],
            AWSError(
                "ParameterValueInvalid",
                "The message attribute 'a' must contain non-empty message attribute value "
                    + "for message attribute type 'String'.")
        ),
    ]

    @Test("refuses", arguments: refusals)
    func refused(input: JSON.Object, error: AWSError) async throws {
        let host = try await SNSHost()
        var input = input
        input["TopicArn"] = .string(try await host.topic())
        if input["Message"] == nil { input["Message"] = "m" }
        #expect(await host.failure("Publish", .object(input)) == error)
    }

    @Test("needs somewhere to publish to")
    func nowhere() async throws {
        let host = try await SNSHost()
        #expect(
            await host.failure("Publish", ["Message": "m"])
                == .invalid("TopicArn or TargetArn Reason: no value for required parameter"))
        #expect(
            await host.failure(
                "Publish", ["Message": "m", "TargetArn": "arn:aws:sns:us-east-1:000000000000:endpoint/GCM/a/b"])
                == .invalid("TargetArn Reason: No endpoint found for the target arn specified"))
        #expect(
            await host.failure("Publish", ["Message": "m", "PhoneNumber": "NAA+15551234567"])
                == .invalid("PhoneNumber Reason: NAA+15551234567 is not valid to publish to"))
        #expect(try await host.sns("Publish", ["Message": "m", "PhoneNumber": "+15551234567"])["MessageId"] != nil)
    }

    @Test("takes ten messages at once, in order")
    func batch() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        try await host.subscribe(topic, "sqs", try await host.queue(), ["RawMessageDelivery": "true"])
        let entries = (0..<9).map { JSON.object(["Id": .string("i\($0)"), "Message": .string("m\($0)")]) }
        let answer = try await host.sns(
            "PublishBatch",
            [
                "TopicArn": .string(topic),
                "PublishBatchRequestEntries": .array(entries + [["Id": "bad", "Message": ""]]),
            ])
        #expect(answer["Successful"]?.array?.map { $0["Id"]?.string } == (0..<9).map { "i\($0)" })
        #expect(
            answer["Failed"] == [
                [
                    "Id": "bad", "Code": "InvalidParameter", "Message": "Invalid parameter: Empty message",
                    "SenderFault": true,
                ]
            ])
        #expect(try await host.bodies() == (0..<9).map { "m\($0)" })
    }

    @Test(
        "refuses batches",
        arguments: [
            ([], SNSError.emptyBatch),
            (Array(repeating: ["Id": "i", "Message": "m"], count: 11), SNSError.tooManyEntries),
            (Array(repeating: ["Id": "i", "Message": "m"], count: 2), SNSError.idsNotDistinct),
            ([["Id": "a b", "Message": "m"]], SNSError.invalidEntryId),
            ([["Id": "a", "Message": .string(long)], ["Id": "b", "Message": "m"]], SNSError.batchTooLong),
        ] as [([JSON], AWSError)])
    func refusedBatch(entries: [JSON], error: AWSError) async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        #expect(
            await host.failure(
                "PublishBatch", ["TopicArn": .string(topic), "PublishBatchRequestEntries": .array(entries)])
                == error)
    }
}

@Suite("FIFO topics")
struct FifoTests {
    @Test("number and deduplicate messages for five minutes")
    func deduplication() async throws {
        let host = try await SNSHost()
        let topic = try await host.fifoTopic(["ContentBasedDeduplication": "true"])
        try await host.subscribe(topic, "sqs", try await host.queue("q.fifo"))
        let first = try await host.publish(topic, "Test", ["MessageGroupId": "g"])
        #expect(first["SequenceNumber"] == "10000000000000001000")
        #expect(try await host.publish(topic, "Test", ["MessageGroupId": "g"]) == first)
        let message = try #require(try await host.received("q.fifo").first)
        let body = try JSON.parse(message["Body"]?.string ?? "")
        #expect(
            body.object?.keys == [
                "Type", "MessageId", "SequenceNumber", "TopicArn", "Message", "Timestamp", "UnsubscribeURL",
            ])
        #expect(message["Attributes"]?["MessageGroupId"] == "g")
        #expect(
            message["Attributes"]?["MessageDeduplicationId"]
                == "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25")
        await host.advance(byMs: 300_001)
        #expect(try await host.publish(topic, "Test", ["MessageGroupId": "g"])["MessageId"] != first["MessageId"])
    }

    @Test("keep the order of a group under many publishers")
    func order() async throws {
        let host = try await SNSHost()
        let topic = try await host.fifoTopic()
        try await host.subscribe(topic, "sqs", try await host.queue("q.fifo"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 {
                group.addTask {
                    try await host.publish(
                        topic, "m", ["MessageGroupId": "g", "MessageDeduplicationId": .string("\(index)")])
                }
            }
            try await group.waitForAll()
        }
        var numbers: [String] = []
        for _ in 0..<4 {
            for message in try await host.received("q.fifo") {
                numbers.append(try JSON.parse(message["Body"]?.string ?? "")["SequenceNumber"]?.string ?? "")
                try await host.sqs(
                    "DeleteMessage",
                    [
                        "QueueUrl": "http://localhost:4566/000000000000/q.fifo",
                        "ReceiptHandle": message["ReceiptHandle"] ?? nil,
                    ])
            }
        }
        #expect(numbers.count == 40 && numbers == numbers.sorted())
    }

    @Test("may lead to standard queues")
    func standardQueue() async throws {
        let host = try await SNSHost()
        let topic = try await host.fifoTopic()
        try await host.subscribe(topic, "sqs", try await host.queue(), ["RawMessageDelivery": "true"])
        try await host.publish(topic, "m", ["MessageGroupId": "g", "MessageDeduplicationId": "d"])
        #expect(try await host.bodies() == ["m"])
    }

    @Test(
        "refuse",
        arguments: [
            ([:], "The MessageGroupId parameter is required for FIFO topics"),
            (
                ["MessageGroupId": "g"],
                "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                    + "explicitly"
            ),
        ] as [(JSON.Object, String)])
    func refused(input: JSON.Object, detail: String) async throws {
        let host = try await SNSHost()
        var input = input
        input["TopicArn"] = .string(try await host.fifoTopic())
        input["Message"] = "m"
        #expect(await host.failure("Publish", .object(input)) == .invalid(detail))
    }
}
