import BatonCore
import BatonStore
import BatonTesting
import Foundation
import GRDB
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

/// Many executions: what waits is in the store alone, and a restart loads none of it.
@Suite struct VolumeTests {
    @Test func waitingExecutionsSurviveARestartOutsideOfMemory() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/volume-\(RandomSource().hex(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ControlledClock()
        let stage = try await Stage(place: .folder(folder), clock: clock)
        let machine = try await stage.machine(ExecutionTests.wait)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<1000 {
                group.addTask { try await stage.start(machine, [:], name: "e\(index)") }
            }
            try await group.waitForAll()
        }
        await stage.settle()
        #expect(stage.service.engine.liveCount == 0)
        await stage.close()
        let restarted = try await Stage(place: .folder(folder), clock: ControlledClock(nowMs: clock.nowMs))
        await restarted.settle()
        #expect(restarted.service.engine.liveCount == 0)
        await restarted.advance(seconds: 60)
        let left = try restarted.test.host.store.read { db in
            try db.rows("SELECT id FROM sfn_execution WHERE status != 'SUCCEEDED'").count
        }
        #expect(left == 0)
        await restarted.close()
    }

    @Test func tenThousandItemsOfAnExpressMap() async throws {
        let stage = try await Stage()
        let machine = try await stage.machine(
            [
                "StartAt": "M",
                "States": [
                    "M": [
                        "Type": "Map", "End": true,
                        "ItemProcessor": ["StartAt": "P", "States": ["P": ["Type": "Pass", "End": true]]],
                    ]
                ],
            ], type: "EXPRESS")
        let items = JSON.array((0..<10_000).map { .number($0) })
        let answer = try await stage.test.call(
            "stepfunctions", "StartSyncExecution",
            ["stateMachineArn": .string(machine), "input": .string(items.text())])
        #expect(answer["status"] == "SUCCEEDED")
        #expect(answer["output"]?.string == items.text())
    }
}
