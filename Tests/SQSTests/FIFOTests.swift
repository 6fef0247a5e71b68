import BatonTesting
import BatonStore
import AWSWire
import BatonCore
import JSON
import Testing

@testable import SQS

@Suite struct FIFOTests {
    // MARK: Order and groups

    @Test func aGroupComesInItsOrder() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        for number in 0..<15 { try await account.send(url, "\(number)", group: "g") }
        let first = try await account.receive(url)
        #expect(first.compactMap { $0["Body"]?.string } == (0..<10).map { "\($0)" })
        for message in first { try await account.delete(url, message) }
        #expect(try await account.bodies(url) == (10..<15).map { "\($0)" })
    }

    @Test func aGroupIsLockedWhileAMessageOfItIsInFlight() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        for (body, group) in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a")] {
            try await account.send(url, body, group: group)
        }
        let a1 = try await account.receive(url, 1).first
        #expect(a1?["Body"] == "a1")
        #expect(try await account.bodies(url) == ["b1"])
        #expect(try await account.bodies(url) == [])
        try await account.delete(url, a1)
        #expect(try await account.bodies(url, 1) == ["a2"])
        await account.host.advance(byMs: 30_000)
        #expect(try await account.bodies(url) == ["a2", "a3", "b1"])
    }

    @Test func aReceiveTakesAsManyOfOneGroupAsItCan() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        for (body, group) in [("a1", "a"), ("b1", "b"), ("a2", "a"), ("b2", "b"), ("a3", "a")] {
            try await account.send(url, body, group: group)
        }
        #expect(try await account.bodies(url, 4) == ["a1", "a2", "a3", "b1"])
    }

    @Test func aGroupStaysLockedUntilAllOfItsMessagesReturned() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        for body in ["1", "2", "3"] { try await account.send(url, body, group: "g") }
        let taken = try await account.receive(url, 2)
        try await account.hide(url, taken.first, seconds: 0)
        #expect(try await account.bodies(url) == [])
        try await account.hide(url, taken.last, seconds: 0)
        #expect(try await account.bodies(url) == ["1", "2", "3"])
    }

    @Test func aMessageThatReturnsKeepsItsPlace() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        for body in ["1", "2"] { try await account.send(url, body, group: "g") }
        #expect(try await account.bodies(url, 1) == ["1"])
        await account.host.advance(byMs: 30_000)
        try await account.send(url, "3", group: "g")
        #expect(try await account.bodies(url) == ["1", "2", "3"])
    }

    @Test func nothingOvertakesADelayedMessage() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo", ["DelaySeconds": "10"])
        try await account.send(url, "1", group: "g")
        try await account.set(url, "DelaySeconds", "0")
        try await account.send(url, "2", group: "g")
        #expect(try await account.bodies(url) == [])
        await account.host.advance(byMs: 10_000)
        #expect(try await account.bodies(url) == ["1", "2"])
    }

    @Test func sequenceNumbersHaveTwentyDigitsAndGrow() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        var last = ""
        for number in 0..<5 {
            let sent = try await account.send(url, "\(number)", group: "g")["SequenceNumber"]?.string ?? ""
            #expect(sent.count == 20 && sent > last)
            last = sent
            let message = try await account.receive(url, 1, ["AttributeNames": ["All"]]).first
            #expect(message?.attribute("SequenceNumber") == sent)
            #expect(message?.attribute("MessageGroupId") == "g")
            #expect(message?.attribute("MessageDeduplicationId") == "\(number)")
            try await account.delete(url, message)
        }
    }

    // MARK: Deduplication

    @Test func aDuplicateWithinFiveMinutesAnswersAsTheFirst() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        let first = try await account.send(url, "one", group: "g", id: "d")
        #expect(try await account.send(url, "two", group: "h", id: "d")["MessageId"] == first["MessageId"])
        for message in try await account.receive(url) { try await account.delete(url, message) }
        account.clock.advance(byMs: 299_999)
        let second = try await account.send(url, "three", group: "g", id: "d")
        #expect(second["MessageId"] == first["MessageId"])
        #expect(second["SequenceNumber"] == first["SequenceNumber"])
        #expect(try await account.bodies(url) == [])
        account.clock.advance(byMs: 1)
        #expect(try await account.send(url, "four", group: "g", id: "d")["MessageId"] != first["MessageId"])
        #expect(try await account.bodies(url) == ["four"])
    }

    @Test func theBodyCanBeTheId() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo", ["ContentBasedDeduplication": "true"])
        try await account.send(url, "same", ["MessageGroupId": "g"])
        try await account.send(
            url, "same",
            ["MessageGroupId": "g", "MessageAttributes": ["a": ["DataType": "String", "StringValue": "b"]]])
        let sha256 = "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5"
        try await account.send(url, "other", group: "g", id: sha256)
        let messages = try await account.receive(url, 10, ["AttributeNames": ["MessageDeduplicationId"]])
        #expect(messages.map { $0["Body"] } == ["same"])
        #expect(messages.first?.attribute("MessageDeduplicationId") == sha256)
    }

    @Test func groupsCanDeduplicateByThemselves() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo", ["DeduplicationScope": "messageGroup"])
        for group in ["g", "h", "g"] { try await account.send(url, group, group: group, id: "d") }
        #expect(try await account.bodies(url) == ["g", "h"])
    }

    @Test func aBatchWithoutGroupOrIdFailsAsAWhole() async throws {
        let account = try await Account()
        let url = JSON.string(try await account.create("q.fifo"))
        let fine: JSON = ["Id": "a", "MessageBody": "1", "MessageGroupId": "g", "MessageDeduplicationId": "d"]
        let noGroup: JSON = ["Id": "b", "MessageBody": "1", "MessageDeduplicationId": "d"]
        let noId: JSON = ["Id": "b", "MessageBody": "1", "MessageGroupId": "g"]
        #expect(
            await account.failure("SendMessageBatch", ["QueueUrl": url, "Entries": [fine, noGroup]])
                == "InvalidParameterValue/InvalidParameterValueException: "
                + "The request must contain the parameter MessageGroupId.")
        #expect(
            await account.failure("SendMessageBatch", ["QueueUrl": url, "Entries": [fine, noId]])
                .hasSuffix("MessageDeduplicationId provided explicitly"))
        let output = try await account.call("SendMessageBatch", ["QueueUrl": url, "Entries": [fine]])
        #expect(output["Successful"]?[0]?["SequenceNumber"]?.string?.count == 20)
    }

    // MARK: Receipt handles

    @Test func anExpiredHandleDeletesNothing() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        try await account.send(url, "m", group: "g")
        let first = try await account.receive(url).first
        await account.host.advance(byMs: 30_000)
        let expired = SQSError.receiptHandleExpired(first?["ReceiptHandle"]?.string ?? "")
        await #expect(throws: expired) { try await account.delete(url, first) }
        let second = try await account.receive(url).first
        await #expect(throws: expired) { try await account.delete(url, first) }
        try await account.delete(url, second)
        try await account.delete(url, second)
        #expect(try await account.counts(url) == [0, 0, 0])
    }

    @Test func onlyWhatIsInFlightChangesItsVisibility() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        try await account.send(url, "m", group: "g")
        let message = try await account.receive(url).first
        try await account.hide(url, message, seconds: 60)
        await account.host.advance(byMs: 60_000)
        await #expect(throws: SQSError.messageNotInflight) { try await account.hide(url, message, seconds: 60) }
    }

    // MARK: Receive attempts

    @Test func aRepeatedAttemptGetsTheSameMessagesHiddenAnew() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        for body in ["1", "2", "3"] { try await account.send(url, body, group: "g") }
        let attempt: JSON.Object = ["ReceiveRequestAttemptId": "a"]
        let first = try await account.receive(url, 2, attempt)
        await account.host.advance(byMs: 20_000)
        #expect(try await account.receive(url, 2, attempt) == first)
        #expect(try await account.receive(url, 2, ["ReceiveRequestAttemptId": "b"]) == [])
        await account.host.advance(byMs: 20_000)
        #expect(try await account.bodies(url) == [])
        try await account.delete(url, first.first)
        #expect(try await account.receive(url, 2, attempt) == [])
        await account.host.advance(byMs: 10_000)
        #expect(try await account.bodies(url, 2, attempt) == ["2", "3"])
    }

    // MARK: Dead letters

    @Test func theDeadLetterQueueKeepsTheOrder() async throws {
        let account = try await Account()
        let dead = try await account.create("dead.fifo")
        let url = try await account.create("q.fifo", deadLetters: "dead.fifo", after: 1, ["VisibilityTimeout": "0"])
        for body in ["1", "2"] { try await account.send(url, body, group: "g") }
        #expect(try await account.bodies(url) == ["1", "2"])
        await account.host.advance(byMs: 1000)
        try await account.send(url, "3", group: "g")
        #expect(try await account.bodies(url) == ["3"])
        let messages = try await account.receive(dead, 10, ["AttributeNames": ["All"]])
        #expect(messages.map { $0["Body"] } == ["1", "2"])
        #expect(messages.first?.attribute("MessageGroupId") == "g")
        #expect(messages.first?.attribute("MessageDeduplicationId") == "1")
        #expect(messages.first?.attribute("SentTimestamp") == "1767225601000")
        #expect(messages.first?.attribute("SequenceNumber")?.count == 20)
    }
}
