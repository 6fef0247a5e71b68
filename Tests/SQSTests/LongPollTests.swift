import BatonTesting
import AWSWire
import BatonCore
import BatonStore
import JSON
import Synchronization
import Testing

@testable import SQS

@Suite struct LongPollTests {
    /// Receives in the background; returns when the receiver has joined.
    private func poll(
        _ account: Account, _ url: String, _ count: Int = 10, seconds: Int? = 20, waiting: Int = 1
    ) async -> Task<[String], any Error> {
        let more: JSON.Object = seconds.map { ["WaitTimeSeconds": .number($0)] } ?? [:]
        let task = Task { try await account.bodies(url, count, more) }
        await account.receivers(waiting)
        return task
    }

    @Test func aSentMessageEndsTheWait() async throws {
        let account = try await Account()
        let url = try await account.create()
        let receiver = await poll(account, url)
        try await account.send(url, "m")
        #expect(try await receiver.value == ["m"])
        #expect(account.sqs.polls.count == 0)
    }

    @Test func theWaitEndsWithItsTime() async throws {
        let account = try await Account()
        let url = try await account.create()
        let receiver = await poll(account, url, seconds: 2)
        await account.host.advance(byMs: 2000)
        #expect(try await receiver.value == [])
    }

    @Test func theQueueCanAskForTheWait() async throws {
        let account = try await Account()
        let url = try await account.create("q", ["ReceiveMessageWaitTimeSeconds": "5"])
        let receiver = await poll(account, url, seconds: nil)
        try await account.send(url, "m")
        #expect(try await receiver.value == ["m"])
        #expect(try await account.bodies(url, 1, ["WaitTimeSeconds": 0]) == [])
    }

    @Test func aDelayedMessageEndsTheWaitInItsTime() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "before", ["DelaySeconds": 5])
        let receiver = await poll(account, url)
        await account.host.advance(byMs: 5000)
        #expect(try await receiver.value == ["before"])
        let other = await poll(account, url)
        try await account.send(url, "during", ["DelaySeconds": 5])
        await account.host.advance(byMs: 5000)
        #expect(try await other.value == ["during"])
    }

    @Test(arguments: ["q", "q.fifo"])
    func aMessageThatReturnsEndsTheWait(_ name: String) async throws {
        let account = try await Account()
        let url = try await account.create(name)
        try await account.send(
            url, "m", name == "q" ? [:] : ["MessageGroupId": "g", "MessageDeduplicationId": "d"])
        let message = try await account.receive(url, 1, ["VisibilityTimeout": 10]).first
        let receiver = await poll(account, url)
        await account.host.advance(byMs: 10_000)
        #expect(try await receiver.value == ["m"])
        let again = try await account.call("ReceiveMessage", ["QueueUrl": .string(url)])
        #expect(again["Messages"] == nil)
        #expect(message?["Body"] == "m")
    }

    @Test func aMessageGivenBackEndsTheWait() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "m")
        let message = try await account.receive(url).first
        let receiver = await poll(account, url)
        try await account.hide(url, message, seconds: 0)
        #expect(try await receiver.value == ["m"])
    }

    @Test func aGroupThatIsFreeAgainEndsTheWait() async throws {
        let account = try await Account()
        let url = try await account.create("q.fifo")
        for body in ["1", "2"] { try await account.send(url, body, group: "g") }
        let first = try await account.receive(url, 1).first
        let receiver = await poll(account, url)
        try await account.delete(url, first)
        #expect(try await receiver.value == ["2"])
    }

    @Test func aDeadLetterEndsTheWaitForIt() async throws {
        let account = try await Account()
        let dead = try await account.create("dead")
        let url = try await account.create("q", deadLetters: "dead", after: 1, ["VisibilityTimeout": "0"])
        try await account.send(url, "m")
        #expect(try await account.bodies(url) == ["m"])
        let receiver = await poll(account, dead)
        #expect(try await account.bodies(url) == [])
        #expect(try await receiver.value == ["m"])
    }

    @Test func eachMessageEndsOneWait() async throws {
        let account = try await Account()
        let url = try await account.create()
        var receivers: [Task<[String], any Error>] = []
        for number in 1...5 { receivers.append(await poll(account, url, 1, waiting: number)) }
        let entries = JSON.array((1...5).map { ["Id": .string("\($0)"), "MessageBody": .string("\($0)")] })
        try await account.call("SendMessageBatch", ["QueueUrl": .string(url), "Entries": entries])
        var bodies: [String] = []
        for receiver in receivers { bodies += try await receiver.value }
        #expect(bodies.sorted() == ["1", "2", "3", "4", "5"])
    }

    @Test func whatOneReceiverLeavesGoesToTheNext() async throws {
        let account = try await Account()
        let url = try await account.create()
        for body in ["1", "2", "3"] { try await account.send(url, body, ["DelaySeconds": 5]) }
        var receivers: [Task<[String], any Error>] = []
        for number in 1...3 { receivers.append(await poll(account, url, 1, waiting: number)) }
        await account.host.advance(byMs: 5000)
        var bodies: [String] = []
        for receiver in receivers { bodies += try await receiver.value }
        #expect(bodies.sorted() == ["1", "2", "3"])
    }

    @Test func aClientThatHasGoneTakesNoMessage() async throws {
        let account = try await Account()
        let url = try await account.create()
        let gone = await poll(account, url)
        gone.cancel()
        _ = await gone.result
        #expect(account.sqs.polls.count == 0)
        try await account.send(url, "m")
        #expect(try await account.counts(url) == [1, 0, 0])
    }

    @Test func aSignalForAClientThatHasGonePassesOn() async throws {
        let account = try await Account()
        let url = try await account.create()
        for _ in 0..<50 {
            let gone = await poll(account, url)
            let stays = await poll(account, url, waiting: 2)
            async let sent = account.send(url, "m")
            gone.cancel()
            _ = try await sent
            let bodies = try await gone.value
            guard bodies.isEmpty else {
                stays.cancel()
                _ = await stays.result
                continue
            }
            #expect(try await stays.value == ["m"])
        }
    }

    @Test func aStopLetsEveryoneGo() async throws {
        let account = try await Account()
        let url = try await account.create()
        let first = await poll(account, url)
        let second = await poll(account, url, waiting: 2)
        await account.sqs.stop()
        #expect(try await first.value == [])
        #expect(try await second.value == [])
        #expect(try await account.bodies(url, 1, ["WaitTimeSeconds": 20]) == [])
    }

    @Test func aDeletedQueueEndsTheWait() async throws {
        let account = try await Account()
        let url = try await account.create()
        let receiver = await poll(account, url)
        try await account.call("DeleteQueue", ["QueueUrl": .string(url)])
        await #expect(throws: SQSError.queueDoesNotExist) { try await receiver.value }
    }

    @Test func twoThousandReceiversWaitAtOnce() async throws {
        let account = try await Account()
        let urls = [try await account.create("a"), try await account.create("b")]
        let receivers = (0..<2000).map { number in
            Task { try await account.bodies(urls[number % 2], 1, ["WaitTimeSeconds": 20]) }
        }
        await account.receivers(2000)
        for number in 0..<10 { try await account.send(urls[number % 2], "\(number)") }
        await account.receivers(1990)
        await account.sqs.stop()
        var bodies: [String] = []
        for receiver in receivers { bodies += try await receiver.value }
        #expect(bodies.sorted() == (0..<10).map { "\($0)" })
    }
}
