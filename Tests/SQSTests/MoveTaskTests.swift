import BatonTesting
import AWSWire
import BatonCore
import BatonStore
import JSON
import Testing

@testable import SQS

@Suite struct MoveTaskTests {
    /// `q` and `p` with `dead` behind them, and `bodies` in `dead` that came from `q`.
    private func account(_ bodies: [String], suffix: String = "") async throws -> Account {
        let account = try await Account()
        _ = try await account.create("dead\(suffix)")
        for name in ["q", "p"] {
            _ = try await account.create(
                name + suffix, deadLetters: "dead\(suffix)", after: 1, ["VisibilityTimeout": "0"])
        }
        for body in bodies {
            let url = url("q\(suffix)")
            if suffix.isEmpty {
                try await account.send(url, body)
            } else {
                try await account.send(url, body, group: "g")
            }
        }
        while try await account.receive(url("q\(suffix)")).count > 0 {}
        #expect(try await account.counts(url("dead\(suffix)")) == [bodies.count, 0, 0])
        return account
    }

    private func url(_ name: String) -> String { "http://localhost:4566/000000000000/\(name)" }

    private func latest(_ account: Account, _ name: String = "dead") async throws -> JSON {
        try await account.call("ListMessageMoveTasks", ["SourceArn": .string(account.arn(name))])["Results"]?[0] ?? [:]
    }

    @Test(arguments: ["", ".fifo"])
    func messagesReturnToWhereTheyCameFrom(_ suffix: String) async throws {
        let account = try await account(["1", "2", "3"], suffix: suffix)
        let source = JSON.string(account.arn("dead\(suffix)"))
        _ = try await account.call("StartMessageMoveTask", ["SourceArn": source])
        await account.host.advance(byMs: 10)
        #expect(
            try await latest(account, "dead\(suffix)") == [
                "Status": "COMPLETED", "SourceArn": source, "ApproximateNumberOfMessagesMoved": 3,
                "ApproximateNumberOfMessagesToMove": 3, "StartedTimestamp": 1_767_225_600_000,
            ])
        let messages = try await account.receive(url("q\(suffix)"), 10, ["AttributeNames": ["All"]])
        #expect(messages.map { $0["Body"] } == ["1", "2", "3"])
        #expect(messages.first?.attribute("ApproximateReceiveCount") == "1")
        #expect(messages.first?.attribute("DeadLetterQueueSourceArn") == nil)
        #expect(try await account.counts(url("dead\(suffix)")) == [0, 0, 0])
        #expect(try account.rows("sqs_groups") == (suffix.isEmpty ? 0 : 1))
    }

    @Test func messagesCanGoElsewhere() async throws {
        let account = try await account((0..<450).map { "\($0)" })
        _ = try await account.create("other")
        try await account.call(
            "StartMessageMoveTask",
            ["SourceArn": .string(account.arn("dead")), "DestinationArn": .string(account.arn("other"))])
        await account.host.advance(byMs: 0)
        #expect(try await account.counts(url("other")) == [450, 0, 0])
        #expect(try await latest(account)["DestinationArn"]?.string == account.arn("other"))
    }

    @Test func theRateIsKept() async throws {
        let account = try await account(["1", "2", "3", "4", "5"])
        let input: JSON = ["SourceArn": .string(account.arn("dead")), "MaxNumberOfMessagesPerSecond": 2]
        let handle = try await account.call("StartMessageMoveTask", input)["TaskHandle"]
        var moved: [Int?] = []
        for _ in 0..<3 {
            await account.host.advance(byMs: moved.isEmpty ? 0 : 1000)
            moved.append(try await latest(account)["ApproximateNumberOfMessagesMoved"]?.int)
            if moved.count == 1 {
                #expect(try await latest(account)["Status"] == "RUNNING")
                #expect(try await latest(account)["TaskHandle"] == handle)
            }
        }
        #expect(moved == [2, 4, 5])
        #expect(try await latest(account)["Status"] == "COMPLETED")
        #expect(try await latest(account)["TaskHandle"] == nil)
    }

    @Test func aTaskCanBeCancelled() async throws {
        let account = try await account(["1", "2", "3"])
        let input: JSON = ["SourceArn": .string(account.arn("dead")), "MaxNumberOfMessagesPerSecond": 1]
        let handle = try await account.call("StartMessageMoveTask", input)["TaskHandle"] ?? ""
        #expect(await account.failure("StartMessageMoveTask", input).hasSuffix("at a given time."))
        await account.host.advance(byMs: 0)
        #expect(
            try await account.call("CancelMessageMoveTask", ["TaskHandle": handle])
                == ["ApproximateNumberOfMessagesMoved": 1])
        await account.host.advance(byMs: 5000)
        #expect(try await latest(account)["Status"] == "CANCELLED")
        #expect(try await account.counts(url("dead")) == [2, 0, 0])
        #expect(await account.failure("CancelMessageMoveTask", ["TaskHandle": handle]).contains("Only active tasks"))
        _ = try await account.call("StartMessageMoveTask", input)
    }

    @Test func aTaskFailsWithoutItsDestination() async throws {
        let account = try await account(["1"])
        try await account.call("DeleteQueue", ["QueueUrl": .string(url("q"))])
        try await account.call("StartMessageMoveTask", ["SourceArn": .string(account.arn("dead"))])
        await account.host.advance(byMs: 0)
        #expect(try await latest(account)["Status"] == "FAILED")
        #expect(try await latest(account)["FailureReason"] == "AWS.SimpleQueueService.NonExistentQueue")
    }

    @Test func aTaskFailsOnAMessageWithoutSource() async throws {
        let account = try await account([])
        try await account.send(url("dead"), "direct")
        try await account.call("StartMessageMoveTask", ["SourceArn": .string(account.arn("dead"))])
        await account.host.advance(byMs: 0)
        #expect(try await latest(account)["FailureReason"] == "CouldNotDetermineMessageSource")
    }

    @Test func requestsAreChecked() async throws {
        let account = try await account([])
        let dead = JSON.string(account.arn("dead"))
        let cases: [(String, JSON, String)] = [
            (
                "StartMessageMoveTask", ["SourceArn": .string(account.arn("absent"))],
                "ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist."
            ),
            (
                "StartMessageMoveTask", ["SourceArn": dead, "DestinationArn": .string(account.arn("absent"))],
                "The resource that you specified for the DestinationArn parameter doesn't exist."
            ),
            (
                "StartMessageMoveTask", ["SourceArn": .string(account.arn("q"))],
                "Source queue must be configured as a Dead Letter Queue."
            ),
            (
                "StartMessageMoveTask", ["SourceArn": dead, "MaxNumberOfMessagesPerSecond": 501],
                "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. "
                    + "Reason: Must be >= 1 and <= 500, if provided."
            ),
            ("CancelMessageMoveTask", ["TaskHandle": "x"], "Value for parameter TaskHandle is invalid."),
            (
                "CancelMessageMoveTask", ["TaskHandle": .string(MoveTask.handle("x", account.arn("dead")))],
                "ResourceNotFoundException: Task does not exist."
            ),
            ("ListMessageMoveTasks", ["SourceArn": .string(account.arn("absent"))], "parameter doesn't exist."),
        ]
        for (operation, input, failure) in cases {
            #expect(await account.failure(operation, input).hasSuffix(failure))
        }
    }
}
