import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import StepFunctions

/// What has ended is forgotten 90 days later.
@Suite struct RetentionTests {
    private static let day: Int64 = 86_400
    private static let pass: JSON = ["StartAt": "P", "States": ["P": ["Type": "Pass", "End": true]]]

    private static func map(_ type: String) -> JSON {
        [
            "StartAt": "M",
            "States": [
                "M": [
                    "Type": "Map", "End": true,
                    "ItemProcessor": [
                        "ProcessorConfig": ["Mode": "DISTRIBUTED", "ExecutionType": .string(type)], "StartAt": "P",
                        "States": ["P": ["Type": "Pass", "End": true]],
                    ],
                ]
            ],
        ]
    }

    /// Tables that still hold rows of executions.
    private func leftovers(_ stage: Stage) throws -> [String] {
        let tables = [
            "sfn_execution", "sfn_history", "sfn_thread", "sfn_output", "sfn_activity_task", "sfn_map_run",
            "sfn_map_item", "sfn_map_count",
        ]
        return try stage.test.host.store.read { db in
            try tables.filter { try db.row("SELECT 1 FROM \($0) LIMIT 1") != nil }
        }
    }

    @Test func executionsGoWithTheirHistories() async throws {
        let stage = try await Stage()
        let machine = try await stage.machine(Self.pass)
        let execution = try await stage.start(machine, [:], name: "one")
        await stage.advance(seconds: 90 * Self.day - 1)
        #expect(try await stage.status(execution) == "SUCCEEDED")
        await stage.advance(seconds: 61)
        let about: JSON = ["executionArn": .string(execution)]
        for operation in ["DescribeExecution", "GetExecutionHistory"] {
            #expect(await stage.test.failure("stepfunctions", operation, about)?.code == "ExecutionDoesNotExist")
        }
        let list = try await stage.test.call("stepfunctions", "ListExecutions", ["stateMachineArn": .string(machine)])
        #expect(list["executions"] == [])
        #expect(try leftovers(stage) == [])
        // Its name is free again.
        #expect(try await stage.start(machine, [1], name: "one") == execution)
    }

    @Test func whatRunsStays() async throws {
        let stage = try await Stage()
        let execution = try await stage.run([
            "StartAt": "W", "States": ["W": ["Type": "Wait", "Seconds": .number(Int(100 * Self.day)), "End": true]],
        ])
        await stage.advance(seconds: 95 * Self.day)
        #expect(try await stage.status(execution) == "RUNNING")
        await stage.advance(seconds: 5 * Self.day)
        #expect(try await stage.status(execution) == "SUCCEEDED")
        await stage.advance(seconds: 89 * Self.day)
        #expect(try await stage.status(execution) == "SUCCEEDED")
        await stage.advance(seconds: Self.day + 60)
        #expect(try leftovers(stage) == [])
    }

    /// More rows than one transaction deletes.
    @Test(arguments: ["STANDARD", "EXPRESS"])
    func mapRunsGoWithTheirExecutions(_ type: String) async throws {
        let stage = try await Stage()
        let execution = try await stage.run(Self.map(type), .array((0..<600).map { .number($0) }))
        #expect(try await stage.status(execution) == "SUCCEEDED")
        let runs = try await stage.test.call("stepfunctions", "ListMapRuns", ["executionArn": .string(execution)])
        await stage.advance(seconds: 90 * Self.day + 60)
        let run: JSON = ["mapRunArn": runs["mapRuns"]?[0]?["mapRunArn"] ?? .null]
        #expect(await stage.test.failure("stepfunctions", "DescribeMapRun", run)?.code == "ResourceNotFound")
        #expect(try leftovers(stage) == [])
    }

    @Test func tokensGoWithTheirExecutions() async throws {
        let stage = try await Stage()
        let arn = try await stage.test.call("stepfunctions", "CreateActivity", ["name": "a"])["activityArn"] ?? .null
        let execution = try await stage.run([
            "StartAt": "T", "States": ["T": ["Type": "Task", "Resource": arn, "End": true]],
        ])
        try await stage.test.call("stepfunctions", "StopExecution", ["executionArn": .string(execution)])
        await stage.advance(seconds: 90 * Self.day + 60)
        #expect(try leftovers(stage) == [])
    }

    @Test func afterARestartToo() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/baton-test-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ControlledClock()
        let first = try await Stage(place: .folder(folder), clock: clock)
        _ = try await first.run(Self.pass)
        await first.close()
        clock.advance(byMs: 91 * Self.day * 1000)
        let second = try await Stage(place: .folder(folder), clock: clock)
        await second.settle()
        #expect(try leftovers(second) == [])
        await second.close()
    }
}
