import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import Synchronization
import Testing

@testable import SecretsManager

/// Rotation: four steps of a Lambda function, its schedules, its failures.
struct RotationTests {
    static let function: JSON = "arn:aws:lambda:us-east-1:000000000000:function:rotate"
    static let steps = ["createSecret", "setSecret", "testSecret", "finishSecret"]
    static let day: Int64 = 86_400_000

    private let account: Account

    init() async throws {
        account = try await Account()
        try await account.create("s", "v1", ["ClientRequestToken": .string(Account.token(1))])
    }

    @discardableResult
    private func rotate(_ more: JSON = [:]) async throws -> JSON {
        var input: JSON = [
            "SecretId": "s", "RotationLambdaARN": Self.function, "ClientRequestToken": .string(Account.token(2)),
        ]
        for (key, value) in more.object ?? [:] { input[key] = value }
        let answer = try await account.call("RotateSecret", input)
        await account.host.advance(byMs: 0)
        return answer
    }

    private func described() async throws -> JSON { try await account.call("DescribeSecret", ["SecretId": "s"]) }

    private var calls: [String] { account.lambda.steps.withLock { $0 } }

    @Test func theFunctionIsCalledForEachStep() async throws {
        let answer = try await rotate()
        #expect(answer["VersionId"]?.string == Account.token(2))
        #expect(calls == Self.steps)
        #expect(try await account.stages("s") == "1: AWSPREVIOUS, 2: AWSCURRENT+AWSPENDING")
        #expect(try await account.value("s") == "rotated")
        let secret = try await described()
        #expect(secret["RotationEnabled"] == true)
        #expect(secret["RotationLambdaARN"] == Self.function)
        #expect(secret["LastRotatedDate"]?.double == Double(account.host.clock.nowMs) / 1000)
        #expect(secret["NextRotationDate"] == nil)
        // The same request again is that rotation.
        #expect(try await rotate() == answer)
    }

    @Test func theFirstStepFindsAnAnnouncedVersionWithoutAValue() async throws {
        account.lambda.failing.withLock { $0 = ["createSecret"] }
        try await rotate()
        #expect(try await account.stages("s") == "1: AWSCURRENT, 2: AWSPENDING")
        #expect(
            await account.failure(
                "GetSecretValue",
                ["SecretId": "s", "VersionId": .string(Account.token(2)), "VersionStage": "AWSPENDING"])
                == "ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: \(Account.token(2))"
        )
    }

    @Test func aFailedRotationIsBegunAgainWithTheSameVersion() async throws {
        account.lambda.failing.withLock { $0 = ["testSecret", "testSecret"] }
        try await rotate()
        #expect(calls == Array(Self.steps.prefix(3)))
        await account.host.advance(byMs: 60_000)
        await account.host.advance(byMs: 119_999)
        #expect(calls.count == 6)
        await account.host.advance(byMs: 1)
        #expect(calls.suffix(4) == Self.steps[...])
        #expect(try await account.stages("s") == "1: AWSPREVIOUS, 2: AWSCURRENT+AWSPENDING")
    }

    @Test func whoRotatesWhileARotationDidNotEndBeginsThatOneAgain() async throws {
        account.lambda.failing.withLock { $0 = Array(repeating: "setSecret", count: RotationStep.maxAttempts) }
        try await rotate()
        for _ in 0..<10 { await account.host.advance(byMs: 3_600_000) }
        #expect(calls.count == 2 * RotationStep.maxAttempts)
        #expect(
            await account.failure("RotateSecret", ["SecretId": "s"])
                == "InvalidRequestException: A previous rotation isn't complete. That rotation will be reattempted.")
        await account.host.advance(byMs: 0)
        #expect(try await account.stages("s") == "1: AWSPREVIOUS, 2: AWSCURRENT+AWSPENDING")
    }

    @Test func aRotationThatMustNotHappenNowIsOnlyTested() async throws {
        try await rotate(["RotateImmediately": false, "RotationRules": ["AutomaticallyAfterDays": 1]])
        #expect(calls == ["testSecret"])
        #expect(try await account.stages("s") == "1: AWSCURRENT")
        await account.host.advance(byMs: 2 * Self.day)
        #expect(calls == ["testSecret"] + Self.steps)
    }

    @Test func aCancelledRotationStops() async throws {
        account.lambda.failing.withLock { $0 = ["setSecret"] }
        try await rotate(["RotationRules": ["AutomaticallyAfterDays": 1]])
        let cancelled = try await account.call("CancelRotateSecret", ["SecretId": "s"])
        #expect(cancelled["VersionId"]?.string == Account.token(2))
        await account.host.advance(byMs: 30 * Self.day)
        #expect(calls == ["createSecret", "setSecret"])
        #expect(try await described()["RotationEnabled"] == false)
        #expect(try await described()["NextRotationDate"] == nil)
    }

    @Test func aScheduleRotatesAgainAndAgain() async throws {
        try await rotate(["RotationRules": ["ScheduleExpression": "rate(10 days)"]])
        #expect(
            try await described()["RotationRules"] == [
                "ScheduleExpression": "rate(10 days)", "AutomaticallyAfterDays": 10,
            ])
        for _ in 0..<31 { await account.host.advance(byMs: Self.day) }
        #expect(calls.count == 4 * 4)
        // A secret that is marked for deletion is left alone.
        try await account.call("DeleteSecret", ["SecretId": "s", "RecoveryWindowInDays": 30])
        for _ in 0..<20 { await account.host.advance(byMs: Self.day) }
        #expect(calls.count == 4 * 4)
        try await account.call("RestoreSecret", ["SecretId": "s"])
        for _ in 0..<11 { await account.host.advance(byMs: Self.day) }
        #expect(calls.count == 4 * 5)
    }

    @Test func aNewValueCountsAsARotationForRulesInDays() async throws {
        try await rotate(["RotationRules": ["AutomaticallyAfterDays": 10]])
        for _ in 0..<8 { await account.host.advance(byMs: Self.day) }
        try await account.call("UpdateSecret", ["SecretId": "s", "SecretString": "mine"])
        for _ in 0..<8 { await account.host.advance(byMs: Self.day) }
        #expect(calls.count == 4)
        for _ in 0..<3 { await account.host.advance(byMs: Self.day) }
        #expect(calls.count == 8)
    }

    /// From Thursday 1970-01-08 06:30; days and hours of the window, days counted from then.
    @Test(
        arguments: [
            (["AutomaticallyAfterDays": 1], "1 00:00 – 2 00:00"),
            (["AutomaticallyAfterDays": 10, "Duration": "3h"], "10 00:00 – 10 03:00"),
            (["ScheduleExpression": "rate(1 day)"], "1 00:00 – 2 00:00"),
            (["ScheduleExpression": "rate(4 hours)"], "0 08:00 – 0 09:00"),
            (["ScheduleExpression": "rate(12 hours)", "Duration": "2h"], "0 12:00 – 0 14:00"),
            (["ScheduleExpression": "cron(0 16 1,15 * ? *)", "Duration": "2h"], "7 16:00 – 7 18:00"),
            (["ScheduleExpression": "cron(0 3 ? * SUN *)"], "3 03:00 – 4 00:00"),
            (["ScheduleExpression": "cron(0 */8 * * ? *)"], "0 08:00 – 0 09:00"),
        ] as [(JSON, String)])
    func windows(_ rules: JSON, _ expected: String) throws {
        let from: Int64 = 7 * Self.day + 6 * 3_600_000 + 1_800_000
        let window = try #require(try RotationSchedule(rules)?.window(after: from, originMs: from))
        func text(_ ms: Int64) -> String {
            let hours = ms / 3_600_000 % 24
            return "\(ms / Self.day - 7) \(hours < 10 ? "0" : "")\(hours):00"
        }
        #expect("\(text(window.lowerBound)) – \(text(window.upperBound))" == expected)
    }

    @Test(
        arguments: [
            ["ScheduleExpression": "rate(3 hours)"], ["ScheduleExpression": "rate(300 minutes)"],
            ["ScheduleExpression": "cron(5 3 * * ? *)"], ["ScheduleExpression": "at(2030-01-01T00:00:00)"],
            ["ScheduleExpression": "daily"], ["ScheduleExpression": "rate(1 day)", "AutomaticallyAfterDays": 1],
            ["ScheduleExpression": "rate(1 day)", "Duration": "25h"],
        ] as [JSON])
    func refusesRules(_ rules: JSON) {
        #expect(throws: AWSError.self) { try RotationSchedule(rules) }
    }

    @Test func theNextRotationIsToldByTheEndOfItsWindow() async throws {
        try await rotate(["RotationRules": ["ScheduleExpression": "cron(0 16 1,15 * ? *)", "Duration": "2h"]])
        let next = try #require(try await described()["NextRotationDate"]?.int)
        #expect(next % 86_400 == 17 * 3600 + 59 * 60 + 59)
    }

    @Test func aRotationGoesOnAfterARestart() async throws {
        let folder = NSTemporaryDirectory() + "rotation-\(ProcessInfo.processInfo.globallyUniqueString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ControlledClock()
        let first = try await Account(.folder(folder), clock: clock)
        try await first.create("s")
        first.lambda.failing.withLock { $0 = ["setSecret"] }
        try await first.call("RotateSecret", ["SecretId": "s", "RotationLambdaARN": Self.function])
        await first.host.advance(byMs: 0)
        await first.host.host.stop()
        let second = try await Account(.folder(folder), clock: clock)
        await second.host.advance(byMs: 60_000)
        #expect(second.lambda.steps.withLock { $0 } == Self.steps)
        #expect(try await second.value("s") == "rotated")
        await second.host.host.stop()
    }
}
