import AWSWire
import BatonTesting
import JSON
import Testing

@testable import SNS

@Suite("Delivery that fails")
struct FailedDeliveryTests {
    static let redrive: JSON = ["RedrivePolicy": #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dlq"}"#]

    @Test("to a queue that is gone goes to the dead letter queue at once, and others get theirs")
    func queueGone() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        let queue = try await host.queue()
        try await host.queue("dlq")
        try await host.subscribe(topic, "sqs", queue, Self.redrive)
        try await host.subscribe(topic, "sqs", try await host.queue("other"), ["RawMessageDelivery": "true"])
        try await host.sqs("DeleteQueue", ["QueueUrl": "http://localhost:4566/000000000000/q"])
        try await host.publish(topic, "m")
        let body = try #require(try await host.bodies("dlq").first)
        #expect(try JSON.parse(body)["Message"] == "m")
        #expect(try await host.bodies("other") == ["m"])
    }

    @Test("without a dead letter queue is given up")
    func givenUp() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        try await host.subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:absent")
        #expect(try await host.publish(topic, "m")["MessageId"] != nil)
    }

    @Test("to FIFO queues keeps order and group in the dead letter queue")
    func fifo() async throws {
        let host = try await SNSHost()
        let topic = try await host.fifoTopic()
        try await host.queue("dlq.fifo")
        try await host.subscribe(
            topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:gone.fifo",
            [
                "RawMessageDelivery": "true",
                "RedrivePolicy": #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dlq.fifo"}"#,
            ])
        let entries = (0..<3).map {
            JSON.object([
                "Id": .string("\($0)"), "Message": .string("m\($0)"), "MessageGroupId": "g",
                "MessageDeduplicationId": .string("d\($0)"),
            ])
        }
        try await host.sns("PublishBatch", ["TopicArn": .string(topic), "PublishBatchRequestEntries": .array(entries)])
        let messages = try await host.received("dlq.fifo")
        #expect(messages.map { $0["Body"]?.string } == ["m0", "m1", "m2"])
        #expect(messages.map { $0["Attributes"]?["MessageDeduplicationId"]?.string } == ["d0", "d1", "d2"])
    }

    @Test("to a function is repeated while Lambda is in trouble")
    func functionRetries() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        let trouble = AWSError("ServiceException", "trouble", status: 500)
        host.lambda.fail(with: trouble, trouble, trouble, trouble)
        try await host.subscribe(topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:f")
        try await host.publish(topic, "m")
        await host.settle()
        // Three retries without delay, then one after a second.
        #expect(host.lambda.calls.count == 4)
        await host.advance(byMs: 1000)
        #expect(host.lambda.calls.count == 5)
        await host.advance(byMs: 3_600_000)
        #expect(host.lambda.calls.count == 5)
    }

    @Test("to a function that does not exist goes to the dead letter queue")
    func functionGone() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        try await host.queue("dlq")
        host.lambda.fail(with: AWSError("ResourceNotFoundException", "Function not found", status: 404))
        try await host.subscribe(topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:f", Self.redrive)
        try await host.publish(topic, "m")
        await host.settle()
        #expect(host.lambda.calls.count == 1)
        let body = try #require(try await host.bodies("dlq").first)
        #expect(try JSON.parse(body)["SigningCertURL"] != nil)
    }
}

@Suite("HTTP endpoints")
struct HTTPEndpointTests {
    static let url = "http://example.com/hook"

    /// A topic with a confirmed HTTP subscription.
    static func subscribed(_ attributes: JSON = [:]) async throws -> (SNSHost, topic: String, subscription: String) {
        let host = try await SNSHost()
        let topic = try await host.topic()
        try await host.queue("dlq")
        let subscription = try await host.subscribe(topic, "http", url, attributes)
        await host.settle()
        let token = try #require(try await body(host, 0)["Token"])
        try await host.sns("ConfirmSubscription", ["TopicArn": .string(topic), "Token": token])
        return (host, topic, subscription)
    }

    static func body(_ host: SNSHost, _ index: Int) async throws -> JSON {
        guard case .bytes(let bytes) = try #require(await host.http.sent.dropFirst(index).first).request.body else {
            return nil
        }
        return try JSON.parse(bytes)
    }

    @Test("are asked to confirm")
    func confirmation() async throws {
        let (host, topic, subscription) = try await Self.subscribed()
        let sent = try #require(await host.http.sent.first)
        #expect(sent.url == Self.url && sent.request.method == "POST")
        #expect(sent.request.headers["x-amz-sns-message-type"] == "SubscriptionConfirmation")
        #expect(sent.request.headers["x-amz-sns-topic-arn"] == topic)
        #expect(sent.request.headers["x-amz-sns-subscription-arn"] == nil)
        #expect(sent.request.headers["content-type"] == "text/plain; charset=UTF-8")
        #expect(sent.request.headers["user-agent"] == "Amazon Simple Notification Service Agent")
        let body = try await Self.body(host, 0)
        #expect(
            body.object?.keys == [
                "Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp", "SignatureVersion",
                "Signature", "SigningCertURL",
            ])
        #expect(
            body["Message"]
                == .string(
                    "You have chosen to subscribe to the topic \(topic).\nTo confirm the subscription, visit the "
                        + "SubscribeURL included in this message."))
        let token = body["Token"]?.string ?? ""
        #expect(
            body["SubscribeURL"]
                == .string("http://localhost:4566/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=\(token)"))
        let attributes = try await host.sns("GetSubscriptionAttributes", ["SubscriptionArn": .string(subscription)])[
            "Attributes"]
        #expect(attributes?["PendingConfirmation"] == "false" && attributes?["ConfirmationWasAuthenticated"] == "false")
        #expect(
            attributes?["EffectiveDeliveryPolicy"] == .string(DeliveryPolicy().effectiveOfSubscription))
    }

    @Test("confirm with the right token only")
    func tokens() async throws {
        let (host, topic, _) = try await Self.subscribed()
        let token = try await Self.body(host, 0)["Token"]?.string ?? ""
        let cases: [(String, String, AWSError?)] = [
            (topic, token, nil), (topic, "not a token", SNSError.invalidToken),
            (topic, String(repeating: "a", count: 288), .invalid("Token")), (topic + "i", token, .invalid("Topic")),
        ]
        for (topic, token, error) in cases {
            #expect(
                await host.failure("ConfirmSubscription", ["TopicArn": .string(topic), "Token": .string(token)])
                    == error)
        }
    }

    @Test("get nothing before they confirm, and are forgotten after two days")
    func pending() async throws {
        let host = try await SNSHost()
        let topic = try await host.topic()
        try await host.subscribe(topic, "http", Self.url)
        try await host.publish(topic, "m")
        await host.settle()
        #expect(await host.http.sent.count == 1)
        await host.advance(byMs: Expiry.afterMs)
        #expect(try await host.sns("ListSubscriptions")["Subscriptions"] == [])
    }

    @Test("get the envelope with AWS's headers")
    func notification() async throws {
        let (host, topic, subscription) = try await Self.subscribed()
        let answer = try await host.publish(topic, "m")
        await host.settle()
        let request = try #require(await host.http.sent.last).request
        #expect(request.headers["x-amz-sns-message-type"] == "Notification")
        #expect(request.headers["x-amz-sns-message-id"] == answer["MessageId"]?.string)
        #expect(request.headers["x-amz-sns-subscription-arn"] == subscription)
        #expect(request.headers["x-amz-sns-rawdelivery"] == nil)
        #expect(try await Self.body(host, 1)["Message"] == "m")
    }

    @Test("get raw messages when they want to")
    func raw() async throws {
        let (host, topic, _) = try await Self.subscribed([
            "RawMessageDelivery": "true", "DeliveryPolicy": #"{"requestPolicy":{"headerContentType":"text/csv"}}"#,
        ])
        try await host.publish(topic, "a,b")
        await host.settle()
        let request = try #require(await host.http.sent.last).request
        #expect(request.headers["x-amz-sns-rawdelivery"] == "true")
        #expect(request.headers["content-type"] == "text/csv")
        #expect(request.body == .bytes(Array("a,b".utf8)))
    }

    @Test("are tried four times, 20 seconds apart, then the dead letter queue gets the message")
    func retries() async throws {
        let (host, topic, _) = try await Self.subscribed(FailedDeliveryTests.redrive)
        await host.http.prepare(Array(repeating: HTTPResponse(status: 503), count: 4))
        try await host.publish(topic, "m")
        await host.settle()
        for attempt in 1...4 {
            #expect(await host.http.sent.count == 1 + attempt)
            await host.advance(byMs: 20_000)
        }
        #expect(await host.http.sent.count == 5)
        let body = try #require(try await host.bodies("dlq").first)
        #expect(try JSON.parse(body)["Message"] == "m")
    }

    @Test("that refuse are not asked again", arguments: [(400, 1), (404, 1), (302, 1), (429, 2), (500, 2)])
    func refusal(status: Int, attempts: Int) async throws {
        let (host, topic, _) = try await Self.subscribed()
        await host.http.prepare([HTTPResponse(status: status)])
        try await host.publish(topic, "m")
        await host.settle()
        await host.advance(byMs: 60_000)
        #expect(await host.http.sent.count == 1 + attempts)
    }

    @Test("learn of an unsubscribe and may take it back")
    func farewell() async throws {
        let (host, topic, subscription) = try await Self.subscribed()
        try await host.sns("Unsubscribe", ["SubscriptionArn": .string(subscription)])
        await host.settle()
        let farewell = try await Self.body(host, 1)
        #expect(farewell["Type"] == "UnsubscribeConfirmation")
        try await host.publish(topic, "m")
        await host.settle()
        #expect(await host.http.sent.count == 2)
        let back = try await host.sns(
            "ConfirmSubscription", ["TopicArn": .string(topic), "Token": farewell["Token"] ?? nil])
        #expect(back["SubscriptionArn"]?.string == subscription)
        try await host.publish(topic, "m")
        await host.settle()
        #expect(await host.http.sent.count == 3)
    }
}
