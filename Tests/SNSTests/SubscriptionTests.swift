import AWSWire
import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import SNS

@Suite("Subscriptions")
struct SubscriptionTests {
    /// Protocol, endpoint, what is wrong with it.
    static let endpoints: [(String, String, AWSError?)] = [
        ("sqs", "arn:aws:sqs:us-east-1:000000000000:q", nil),
        ("sqs", "http://localhost:4566/000000000000/q", .invalid("SQS endpoint ARN")),
        (
            "sqs", "arn:aws:sqs:us-east-1:000000000000:q.fifo",
            .invalid(
                "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
        ),
        ("lambda", "arn:aws:lambda:us-east-1:000000000000:function:f", nil),
        ("lambda", "f", .invalid("Lambda endpoint ARN")),
        ("http", "http://example.com/", nil),
        ("http", "https://example.com/", .invalid("Endpoint must match the specified protocol")),
        ("https", "https://example.com/", nil),
        ("email", "me@example.com", nil), ("email", "me", .invalid("Email address")),
        ("sms", "+15551234567", nil), ("sms", "+15/55-123.4567", nil),
        ("sms", "invalid-number", AWSError("InvalidParameter", "Invalid SMS endpoint: invalid-number")),
        ("sms", "NAA+15551234567", AWSError("InvalidParameter", "Invalid SMS endpoint: NAA+15551234567")),
        ("fax", "1", .invalid("Amazon SNS does not support this protocol string: fax")),
        (
            "firehose", "arn:aws:firehose:us-east-1:000000000000:deliverystream/s",
            .invalid("Attributes Reason: SubscriptionRoleArn is required for firehose")
        ),
    ]

    @Test("check their endpoint", arguments: endpoints)
    func endpoint(transport: String, endpoint: String, error: AWSError?) async throws {
        let host = try await SNSHost()
        let input: JSON = [
            "TopicArn": .string(try await host.topic()), "Protocol": .string(transport), "Endpoint": .string(endpoint),
        ]
        #expect(await host.failure("Subscribe", input) == error)
    }

    @Test("wait where the endpoint must confirm", arguments: [("http", "http://h/"), ("email", "a@b")])
    func pending(transport: String, endpoint: String) async throws {
        let host = try await SNSHost()
        let topic = JSON.string(try await host.topic())
        let input: JSON = ["TopicArn": topic, "Protocol": .string(transport), "Endpoint": .string(endpoint)]
        #expect(try await host.sns("Subscribe", input)["SubscriptionArn"] == "pending confirmation")
        #expect(
            try await host.sns("ListSubscriptionsByTopic", ["TopicArn": topic])["Subscriptions"] == [
                [
                    "SubscriptionArn": "PendingConfirmation", "Owner": "000000000000", "Protocol": .string(transport),
                    "Endpoint": .string(endpoint), "TopicArn": topic,
                ]
            ])
        let attributes = try await host.sns("GetTopicAttributes", ["TopicArn": topic])["Attributes"]
        #expect(attributes?["SubscriptionsPending"] == "1" && attributes?["SubscriptionsConfirmed"] == "0")
    }

    @Test("are made once")
    func idempotent() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        let queue = try await host.queue()
        let arn = try await host.subscribe(topic, "sqs", queue, ["RawMessageDelivery": "true"])
        #expect(try await host.subscribe(topic, "sqs", queue, ["RawMessageDelivery": "true"]) == arn)
        #expect(try await host.subscribe(topic, "sqs", queue) == arn)
        let other: JSON = [
            "TopicArn": .string(topic), "Protocol": "sqs", "Endpoint": .string(queue),
            "Attributes": ["RawMessageDelivery": "false"],
        ]
        #expect(
            await host.failure("Subscribe", other)
                == .invalid("Attributes Reason: Subscription already exists with different attributes"))
    }

    @Test("answer their attributes as AWS does")
    func attributes() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        let queue = try await host.queue()
        let arn = try await host.subscribe(topic, "sqs", queue, ["FilterPolicy": #"{"a":["b"]}"#])
        let answer = try await host.sns("GetSubscriptionAttributes", ["SubscriptionArn": .string(arn)])
        #expect(
            answer["Attributes"] == [
                "SubscriptionArn": .string(arn), "TopicArn": .string(topic), "Owner": "000000000000", "Protocol": "sqs",
                "Endpoint": .string(queue), "PendingConfirmation": "false", "ConfirmationWasAuthenticated": "true",
                "RawMessageDelivery": "false", "SubscriptionPrincipal": "arn:aws:iam::000000000000:root",
                "FilterPolicy": #"{"a":["b"]}"#, "FilterPolicyScope": "MessageAttributes",
            ])
    }

    /// Name, value, what is answered then, the error after `Invalid parameter: `.
    static let settable: [(String, String, String?, String?)] = [
        ("RawMessageDelivery", "true", "true", nil),
        (
            "RawMessageDelivery", "test-ValUe", nil,
            "RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false."
        ),
        ("RawMessageDelivery", "", nil, "RawMessageDelivery: Invalid value []. Must be true or false."),
        ("FilterPolicy", #"{"a":["b"]}"#, #"{"a":["b"]}"#, nil), ("FilterPolicy", "{}", nil, nil),
        ("FilterPolicy", "", nil, nil),
        (
            "FilterPolicy", #"{"o":{"k":["v"]}}"#, nil,
            "Filter policy scope MessageAttributes does not support nested filter policy"
        ),
        (
            "FilterPolicyScope", "RandomValue", nil,
            "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes"
        ),
        // The scope shows only beside a policy.
        ("FilterPolicyScope", "MessageBody", nil, nil),
        (
            "RedrivePolicy", #"{"deadLetterTargetArn":"fake-arn"}"#, nil,
            "RedrivePolicy: deadLetterTargetArn is an invalid arn"
        ),
        (
            "RedrivePolicy", #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d"}"#,
            #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d"}"#, nil
        ),
        (
            "RedrivePolicy", "{invalidjson}", nil,
            "RedrivePolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to "
                + "start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); "
                + "line: 1, column: 2]"
        ),
        ("FakeAttribute", "x", nil, "AttributeName"),
    ]

    @Test("keep what is set", arguments: settable)
    func set(name: String, value: String, answered: String?, detail: String?) async throws {
        let host = try await SNSHost()
        let arn = try await host.subscribe(try await host.topic(), "sqs", try await host.queue())
        let error = await host.failure(
            "SetSubscriptionAttributes",
            ["SubscriptionArn": .string(arn), "AttributeName": .string(name), "AttributeValue": .string(value)])
        #expect(error == detail.map { AWSError.invalid($0) })
        let answer = try await host.sns("GetSubscriptionAttributes", ["SubscriptionArn": .string(arn)])
        if detail == nil { #expect(answer["Attributes"]?[name]?.string == answered) }
    }

    @Test("of FIFO queues need a FIFO dead letter queue")
    func fifoRedrive() async throws {
        let host = try await SNSHost()
        let arn = try await host.subscribe(try await host.fifoTopic(), "sqs", try await host.queue("q.fifo"))
        let error = await host.failure(
            "SetSubscriptionAttributes",
            [
                "SubscriptionArn": .string(arn), "AttributeName": "RedrivePolicy",
                "AttributeValue": #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d"}"#,
            ])
        #expect(
            error == .invalid("RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."))
    }

    @Test("name the parameter when they are refused at once")
    func refused() async throws {
        let host = try await SNSHost()
        let error = await host.failure(
            "Subscribe",
            [
                "TopicArn": .string(try await host.topic()), "Protocol": "sms", "Endpoint": "+123123123",
                "Attributes": ["RawMessageDelivery": "wrongvalue"],
            ])
        #expect(
            error
                == .invalid("Attributes Reason: RawMessageDelivery: Invalid value [wrongvalue]. Must be true or false.")
        )
    }

    @Test(
        "are named by their ARN",
        arguments: [
            ("", "SubscriptionArn Reason: no value for required parameter"),
            ("arn", "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"),
            (
                "arn:aws:sns:us-east-1:000000000000",
                "SubscriptionArn Reason: An ARN must have at least 6 elements, not 5"
            ),
            ("arn:aws:sns:us-east-1:000000000000:t", "SubscriptionId"),
            ("arn:aws:sns:us-east-1:000000000000:t:x", "SubscriptionId"),
        ])
    func arns(arn: String, detail: String) async throws {
        let host = try await SNSHost()
        for operation in ["Unsubscribe", "GetSubscriptionAttributes"] {
            #expect(await host.failure(operation, ["SubscriptionArn": .string(arn)]) == .invalid(detail))
        }
    }

    @Test("end, once or twice")
    func unsubscribe() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        let arn = JSON.string(try await host.subscribe(topic, "sqs", try await host.queue()))
        try await host.sns("Unsubscribe", ["SubscriptionArn": arn])
        try await host.sns("Unsubscribe", ["SubscriptionArn": arn])
        try await host.publish(topic, "m")
        #expect(try await host.bodies() == [])
        #expect(try await host.sns("ListSubscriptions")["Subscriptions"] == [])
        let attributes = try await host.sns("GetTopicAttributes", ["TopicArn": .string(topic)])["Attributes"]
        #expect(attributes?["SubscriptionsDeleted"] == "1" && attributes?["SubscriptionsConfirmed"] == "0")
    }

    @Test("survive a restart with their filters")
    func restart() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/sns-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ControlledClock()
        let before = try await SNSHost(.folder(folder), clock: clock)
        let topic = try await before.topic()
        try await before.subscribe(
            topic, "sqs", try await before.queue(), ["FilterPolicy": #"{"a":["b"]}"#, "RawMessageDelivery": "true"])
        await before.stop()
        let after = try await SNSHost(.folder(folder), clock: clock)
        try await after.publish(topic, "other")
        try await after.publish(
            topic, "wanted", ["MessageAttributes": ["a": ["DataType": "String", "StringValue": "b"]]])
        #expect(try await after.bodies() == ["wanted"])
        await after.stop()
    }
}
