import BatonTesting
import AWSWire
import BatonCore
import BatonStore
import JSON
import Testing

@testable import SQS

@Suite struct ReceiveTests {
    // MARK: Visibility

    @Test func aReceivedMessageIsHiddenUntilItsTimeOut() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "m")
        #expect(try await account.counts(url) == [1, 0, 0])
        #expect(try await account.bodies(url) == ["m"])
        #expect(try await account.counts(url) == [0, 1, 0])
        await account.host.advance(byMs: 29_999)
        #expect(try await account.bodies(url) == [])
        await account.host.advance(byMs: 1)
        #expect(try await account.counts(url) == [1, 0, 0])
        #expect(try await account.bodies(url, 1, ["VisibilityTimeout": 5]) == ["m"])
        await account.host.advance(byMs: 5000)
        #expect(try await account.bodies(url) == ["m"])
    }

    @Test func aTimeOutOfZeroHidesNothing() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "m")
        for _ in 0..<3 { #expect(try await account.bodies(url, 10, ["VisibilityTimeout": 0]) == ["m"]) }
    }

    @Test func messagesComeInTheirOrderAndAtMostAsManyAsAsked() async throws {
        let account = try await Account()
        let url = try await account.create()
        for number in 0..<12 {
            try await account.send(url, "\(number)")
            await account.host.advance(byMs: 1)
        }
        #expect(try await account.call("ReceiveMessage", ["QueueUrl": .string(url)])["Messages"]?.array?.count == 1)
        #expect(try await account.bodies(url) == (1...10).map { "\($0)" })
        #expect(try await account.bodies(url) == ["11"])
        #expect(try await account.call("ReceiveMessage", ["QueueUrl": .string(url)]) == [:])
    }

    @Test func theVisibilityOfAMessageCanBeChanged() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "m")
        let message = try await account.receive(url).first
        try await account.hide(url, message, seconds: 60)
        await account.host.advance(byMs: 59_999)
        #expect(try await account.bodies(url) == [])
        try await account.hide(url, message, seconds: 0)
        #expect(try await account.bodies(url) == ["m"])
    }

    @Test func aMessageThatCameBackCanBeHiddenAgainByItsLastHandle() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "m")
        let message = try await account.receive(url).first
        await account.host.advance(byMs: 30_000)
        try await account.hide(url, message, seconds: 10)
        #expect(try await account.counts(url) == [0, 1, 0])
    }

    @Test func visibilityEndsTwelveHoursAfterTheReceive() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "m")
        let message = try await account.receive(url).first
        await account.host.advance(byMs: 10_000)
        try await account.hide(url, message, seconds: 43_190)
        await #expect(
            throws: SQSError.invalid(
                "VisibilityTimeout", 43_191,
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]")
        ) { try await account.hide(url, message, seconds: 43_191) }
    }

    static let failures: [(input: JSON.Object, failure: String)] = [
        (
            ["MaxNumberOfMessages": 11],
            "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
        ),
        (
            ["MaxNumberOfMessages": 0],
            "Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
        ),
        (
            ["WaitTimeSeconds": 21],
            "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."
        ),
        (
            ["VisibilityTimeout": 43_201],
            "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided."
        ),
        (
            ["ReceiveRequestAttemptId": "a"],
            "Value a for parameter ReceiveRequestAttemptId is invalid. "
                + "Reason: The request include parameter that is not valid for this queue type."
        ),
    ]

    @Test(arguments: failures)
    func parametersAreChecked(_ input: JSON.Object, _ failure: String) async throws {
        let account = try await Account()
        var input = input
        input["QueueUrl"] = .string(try await account.create())
        #expect(
            await account.failure("ReceiveMessage", .object(input))
                == "InvalidParameterValue/InvalidParameterValueException: \(failure)")
    }

    // MARK: Attributes

    @Test func systemAttributesAreThoseAskedFor() async throws {
        let account = try await Account()
        let url = try await account.create("q", ["VisibilityTimeout": "0"])
        try await account.send(url, "m", ["MessageGroupId": "tenant"])
        await account.host.advance(byMs: 7)
        #expect(try await account.receive(url).first?["Attributes"] == nil)
        await account.host.advance(byMs: 5)
        #expect(
            try await account.receive(url, 1, ["AttributeNames": ["All"]]).first?["Attributes"] == [
                "SenderId": "000000000000", "SentTimestamp": "1767225600000", "ApproximateReceiveCount": "2",
                "ApproximateFirstReceiveTimestamp": "1767225600007", "MessageGroupId": "tenant",
            ])
        #expect(
            try await account.receive(
                url, 1, ["AttributeNames": ["SenderId"], "MessageSystemAttributeNames": ["ApproximateReceiveCount"]]
            ).first?["Attributes"] == ["SenderId": "000000000000", "ApproximateReceiveCount": "3"])
    }

    static let selections: [(names: JSON, selected: [String], md5: String?)] = [
        ([], [], nil),
        (["All"], ["General", "Hello", "Help.Me"], "4c360f3fdafd970e05fae2f149d997f5"),
        ([".*"], ["General", "Hello", "Help.Me"], "4c360f3fdafd970e05fae2f149d997f5"),
        (["Foo", "Help"], [], nil),
        (["Hello", "General"], ["General", "Hello"], "fca026605781cb4126a1e9044df24232"),
        (["Foo", "Hello"], ["Hello"], "a311262e065454b75da111d535b8dacd"),
        (["Hel.*"], ["Hello", "Help.Me"], "83fee93c1bcd8b9a5a923ffacdc636c7"),
    ]

    /// Digests as recorded from AWS.
    @Test(arguments: selections)
    func messageAttributesAreThoseAskedFor(_ names: JSON, _ selected: [String], _ md5: String?) async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(
            url, "msg",
            [
                "MessageAttributes": [
                    "Help.Me": ["DataType": "String", "StringValue": "Me"],
                    "Hello": ["DataType": "String", "StringValue": "There"],
                    "General": ["DataType": "String", "StringValue": "Kenobi"],
                ]
            ])
        let message = try await account.receive(url, 1, ["MessageAttributeNames": names]).first
        #expect(message?["MessageAttributes"]?.object?.keys ?? [] == selected)
        #expect(message?["MD5OfMessageAttributes"]?.string == md5)
    }

    // MARK: Receipt handles

    @Test func everyHandleOfAMessageDeletesIt() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "m")
        let first = try await account.receive(url).first
        await account.host.advance(byMs: 30_000)
        let second = try await account.receive(url).first
        #expect(first?["ReceiptHandle"] != second?["ReceiptHandle"])
        try await account.delete(url, first)
        #expect(try await account.counts(url) == [0, 0, 0])
        try await account.delete(url, second)
    }

    @Test func aHandleNeverTouchesALaterMessage() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "one")
        let one = try await account.receive(url).first
        try await account.delete(url, one)
        try await account.send(url, "two")
        try await account.delete(url, one)
        #expect(try await account.bodies(url) == ["two"])
    }

    @Test func handlesOfOthersAreInvalid() async throws {
        let account = try await Account()
        let (url, other) = (try await account.create("q"), try await account.create("other"))
        try await account.send(other, "m")
        let handle = try await account.receive(other).first?["ReceiptHandle"]?.string ?? ""
        for handle in ["", "garbage", "AAAA", handle] {
            for operation in ["DeleteMessage", "ChangeMessageVisibility"] {
                let input: JSON = [
                    "QueueUrl": .string(url), "ReceiptHandle": .string(handle), "VisibilityTimeout": 1,
                ]
                #expect(
                    await account.failure(operation, input) == "ReceiptHandleIsInvalid: The input receipt handle "
                        + "\"\(handle)\" is not a valid receipt handle.")
            }
        }
    }

    @Test func onlyTheLatestHandleChangesVisibility() async throws {
        let account = try await Account()
        let url = try await account.create("q", ["VisibilityTimeout": "0"])
        try await account.send(url, "m")
        let first = try await account.receive(url).first
        let second = try await account.receive(url).first
        try await account.hide(url, second, seconds: 5)
        for stale in [first, second] {
            if stale == second { try await account.delete(url, second) }
            let handle = stale?["ReceiptHandle"]?.string ?? ""
            await #expect(throws: SQSError.notAvailableForChange(handle)) {
                try await account.hide(url, stale, seconds: 5)
            }
        }
    }

    @Test func batchesOfHandlesReportEachEntry() async throws {
        let account = try await Account()
        let url = JSON.string(try await account.create())
        for body in ["1", "2"] { try await account.send(url.string ?? "", body) }
        let handles = try await account.receive(url.string ?? "").map { $0["ReceiptHandle"] ?? "" }
        let changed = try await account.call(
            "ChangeMessageVisibilityBatch",
            [
                "QueueUrl": url,
                "Entries": [
                    ["Id": "a", "ReceiptHandle": handles[0], "VisibilityTimeout": 0],
                    ["Id": "b", "ReceiptHandle": handles[1], "VisibilityTimeout": 43_201],
                    ["Id": "c", "ReceiptHandle": "x", "VisibilityTimeout": 1],
                ],
            ])
        #expect(changed["Successful"] == [["Id": "a"]])
        #expect(
            changed["Failed"]?.array?.compactMap { $0["Code"]?.string }
                == ["InvalidParameterValue", "ReceiptHandleIsInvalid"])
        #expect(try await account.counts(url.string ?? "") == [1, 1, 0])
        let deleted = try await account.call(
            "DeleteMessageBatch",
            [
                "QueueUrl": url,
                "Entries": [["Id": "a", "ReceiptHandle": handles[0]], ["Id": "b", "ReceiptHandle": handles[1]]],
            ])
        #expect(deleted == ["Successful": [["Id": "a"], ["Id": "b"]]])
        #expect(try await account.counts(url.string ?? "") == [0, 0, 0])
    }

    // MARK: Delay and retention

    @Test func delaysHideNewMessages() async throws {
        let account = try await Account()
        let url = try await account.create("q", ["DelaySeconds": "10"])
        try await account.send(url, "ten")
        try await account.send(url, "none", ["DelaySeconds": 0])
        try await account.send(url, "five", ["DelaySeconds": 5])
        #expect(try await account.counts(url) == [1, 0, 2])
        #expect(try await account.bodies(url) == ["none"])
        await account.host.advance(byMs: 5000)
        #expect(try await account.bodies(url) == ["five"])
        await account.host.advance(byMs: 5000)
        #expect(try await account.bodies(url) == ["ten"])
    }

    @Test(arguments: ["q", "q.fifo"])
    func messagesExpireAtTheEndOfTheRetentionPeriod(_ name: String) async throws {
        let account = try await Account()
        let url = try await account.create(name, ["MessageRetentionPeriod": "60"])
        let more: JSON.Object = name == "q" ? [:] : ["MessageGroupId": "g", "MessageDeduplicationId": "1"]
        try await account.send(url, "old", more)
        account.clock.advance(byMs: 59_999)
        #expect(try await account.counts(url) == [1, 0, 0])
        account.clock.advance(byMs: 1)
        let later: JSON.Object = name == "q" ? [:] : ["MessageGroupId": "g", "MessageDeduplicationId": "2"]
        try await account.send(url, "new", later)
        #expect(try await account.counts(url) == [1, 0, 0])
        #expect(try await account.bodies(url, 10, ["VisibilityTimeout": 0]) == ["new"])
        try await Retention.sweep(account.host.host.store, account.sqs.queues)
        #expect(try account.rows("sqs_messages") == 1)
        account.clock.advance(byMs: 60_000)
        try await Retention.sweep(account.host.host.store, account.sqs.queues)
        #expect(try account.rows("sqs_messages") == 0)
        #expect(try account.rows("sqs_groups") == 0)
        account.clock.advance(byMs: Limits.deduplicationMs)
        try await Retention.sweep(account.host.host.store, account.sqs.queues)
        #expect(try account.rows("sqs_deduplication") == 0)
    }

    // MARK: Dead letters

    @Test func aMessageReceivedTooOftenGoesToTheDeadLetterQueue() async throws {
        let account = try await Account()
        let dead = try await account.create("dead")
        let url = try await account.create("q", deadLetters: "dead", after: 2, ["VisibilityTimeout": "0"])
        let sent = try await account.send(
            url, "poison", ["MessageAttributes": ["Foo": ["DataType": "String", "StringValue": "Bar"]]])
        await account.host.advance(byMs: 10)
        try await account.send(url, "good")
        #expect(try await account.bodies(url, 1) == ["poison"])
        #expect(try await account.bodies(url, 1) == ["poison"])
        #expect(try await account.bodies(url, 1) == ["good"])
        let names: JSON.Object = ["AttributeNames": ["All"], "MessageAttributeNames": ["All"]]
        let message = try #require(try await account.receive(dead, 1, names).first)
        #expect(message["MessageId"] == sent["MessageId"])
        #expect(message["MD5OfMessageAttributes"] == "ae7155c6026991b6d54b11589678bf9c")
        #expect(message.attribute("DeadLetterQueueSourceArn") == account.arn("q"))
        #expect(message.attribute("ApproximateReceiveCount") == "3")
        #expect(message.attribute("SentTimestamp") == "1767225600000")
        #expect(
            try await account.call("ListDeadLetterSourceQueues", ["QueueUrl": .string(dead)])
                == ["queueUrls": [.string(url)]])
    }

    @Test func aDeadLetterQueueMayHaveOneItself() async throws {
        let account = try await Account()
        let last = try await account.create("last")
        let middle = try await account.create("middle", deadLetters: "last", after: 1, ["VisibilityTimeout": "0"])
        let url = try await account.create("q", deadLetters: "middle", after: 1, ["VisibilityTimeout": "0"])
        try await account.send(url, "m")
        #expect(try await account.bodies(url) == ["m"])
        #expect(try await account.bodies(url) == [])
        #expect(try await account.bodies(middle) == ["m"])
        #expect(try await account.bodies(middle) == [])
        #expect(try await account.bodies(last) == ["m"])
    }

    static let policies: [(queue: String, target: String, more: String, reason: String)] = [
        ("q", "absent", #","maxReceiveCount":1"#, "Dead letter target does not exist."),
        ("q", "dead.fifo", #","maxReceiveCount":1"#, "Dead-letter queue must be same type of queue as the source."),
        ("q.fifo", "dead", #","maxReceiveCount":1"#, "Dead-letter queue must be same type of queue as the source."),
        ("q", "dead", "", "Redrive policy does not contain mandatory attribute: maxReceiveCount."),
        (
            "q", "dead", #","maxReceiveCount":0"#,
            "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive."
        ),
        (
            "q", "dead", #","maxReceiveCount":"1001""#,
            "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive."
        ),
        (
            "q", "closed", #","maxReceiveCount":1"#,
            "The dead-letter queue does not allow arn:aws:sqs:us-east-1:000000000000:q as a source (RedriveAllowPolicy)."
        ),
    ]

    @Test(arguments: policies)
    func redrivePoliciesAreChecked(_ queue: String, _ target: String, _ more: String, _ reason: String) async throws {
        let account = try await Account()
        for name in ["dead", "dead.fifo"] { _ = try await account.create(name) }
        _ = try await account.create("closed", ["RedriveAllowPolicy": #"{"redrivePermission":"denyAll"}"#])
        let url = try await account.create(queue)
        let policy = #"{"deadLetterTargetArn":"\#(account.arn(target))"\#(more)}"#
        await #expect(throws: SQSError.invalid("RedrivePolicy", policy, reason)) {
            try await account.set(url, "RedrivePolicy", policy)
        }
    }

    @Test func sourcesCanBeAllowedByName() async throws {
        let account = try await Account()
        let allow = #"{"redrivePermission":"byQueue","sourceQueueArns":["\#(account.arn("friend"))"]}"#
        _ = try await account.create("dead", ["RedriveAllowPolicy": allow])
        _ = try await account.create("friend", deadLetters: "dead", after: 1)
        await #expect(throws: AWSError.self) { try await account.create("stranger", deadLetters: "dead", after: 1) }
    }

    // MARK: In flight

    @Test func tooManyMessagesInFlightAreAnError() async throws {
        let account = try await Account()
        let url = try await account.create()
        let lane = try #require(account.sqs.queues.all.first).lane
        try await account.host.context().write { tx in
            try tx.execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO sqs_messages (lane, visible_ms, sent_ms, receives, message_id, sender, body)
                SELECT ?, ?, ?, 1, 'x', 'x', 'x' FROM n
                """, Limits.inFlight - 1, lane, tx.nowMs + 60_000, tx.nowMs)
        }
        for body in ["1", "2"] { try await account.send(url, body) }
        #expect(try await account.bodies(url) == ["1"])
        let failure = await account.failure("ReceiveMessage", ["QueueUrl": .string(url)])
        #expect(failure.hasPrefix("OverLimit: "))
        await account.host.advance(byMs: 60_000)
        #expect(try await account.receive(url).count == 10)
    }
}
