import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import SQS

/// What a restart leaves as it was: a store on disk, closed and opened again.
@Suite struct RestartTests {
    @Test func nothingIsLostAndNothingIsForgotten() async throws {
        let folder = Account.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ControlledClock()
        var account = try await Account(place: .folder(folder), clock: clock)
        let dead = try await account.create("dead")
        let url = try await account.create("q", deadLetters: "dead", after: 1)
        let fifo = try await account.create("q.fifo")
        try await account.call("TagQueue", ["QueueUrl": .string(url), "Tags": ["k": "v"]])
        for body in ["received", "waiting"] {
            try await account.send(url, body)
            clock.advance(byMs: 1)
        }
        try await account.send(url, "delayed", ["DelaySeconds": 100])
        let received = try await account.receive(url, 1).first
        for body in ["1", "2"] { try await account.send(fifo, body, group: "g") }
        let first = try await account.send(fifo, "3", group: "g")
        let one = try await account.receive(fifo, 1).first

        await account.host.host.stop()
        account = try await Account(place: .folder(folder), clock: clock)

        #expect(try await account.call("ListQueueTags", ["QueueUrl": .string(url)])["Tags"] == ["k": "v"])
        #expect(try await account.counts(url) == [1, 1, 1])
        #expect(try await account.bodies(url) == ["waiting"])
        try await account.hide(url, received, seconds: 10)
        clock.advance(byMs: 10_000)
        #expect(try await account.bodies(url) == [])
        #expect(try await account.bodies(dead) == ["received"])
        clock.advance(byMs: 90_000)
        #expect(try await account.bodies(url) == ["delayed"])

        #expect(try await account.send(fifo, "3", group: "g")["MessageId"] == first["MessageId"])
        await #expect(throws: SQSError.receiptHandleExpired(one?["ReceiptHandle"]?.string ?? "")) {
            try await account.delete(fifo, one)
        }
        #expect(try await account.bodies(fifo) == ["1", "2", "3"])
        await account.host.host.stop()
    }

    @Test func whatWasBegunGoesOn() async throws {
        let folder = Account.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ControlledClock()
        var account = try await Account(place: .folder(folder), clock: clock)
        let dead = try await account.create("dead")
        let url = try await account.create("q", deadLetters: "dead", after: 1, ["VisibilityTimeout": "0"])
        for body in ["1", "2", "3"] { try await account.send(url, body) }
        while try await account.receive(url).count > 0 {}
        try await account.call(
            "StartMessageMoveTask", ["SourceArn": .string(account.arn("dead")), "MaxNumberOfMessagesPerSecond": 1])
        await account.host.advance(byMs: 0)
        try await account.call("PurgeQueue", ["QueueUrl": .string(url)])
        await account.host.host.stop()

        account = try await Account(place: .folder(folder), clock: clock)
        for _ in 0..<3 { await account.host.advance(byMs: 1000) }
        let tasks = try await account.call("ListMessageMoveTasks", ["SourceArn": .string(account.arn("dead"))])
        #expect(tasks["Results"]?[0]?["Status"] == "COMPLETED")
        #expect(try await account.counts(dead) == [0, 0, 0])
        #expect(try await account.counts(url) == [2, 0, 0])
        await account.host.host.stop()
    }
}
