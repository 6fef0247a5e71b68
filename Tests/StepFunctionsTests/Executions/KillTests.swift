import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import GRDB
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

/// Baton is killed at every commit of machines that together use every type of state: each time the execution goes on
/// after the start and its history is that of the run that was never killed.
@Suite struct KillTests {
    static let queue = "http://localhost:4566/000000000000/q"
    static let send: JSON = [
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": ["QueueUrl": .string(queue), "MessageBody": "x"], "ResultPath": .null,
    ]

    static func with(_ state: JSON, _ more: JSON) -> JSON {
        var state = state
        for (name, value) in more.object ?? [:] { state[name] = value }
        return state
    }

    static let wait: JSON = ["StartAt": "W1", "States": ["W1": ["Type": "Wait", "Seconds": 5, "End": true]]]

    static let flow: JSON = [
        "StartAt": "Pass",
        "States": [
            "Pass": ["Type": "Pass", "Assign": ["v": 1], "Next": "Choice"],
            "Choice": [
                "Type": "Choice", "Choices": [["Variable": "$v", "NumericEquals": 1, "Next": "Wait"]],
                "Default": "Fail",
            ],
            "Fail": ["Type": "Fail"], "Wait": ["Type": "Wait", "Seconds": 10, "Next": "Send"],
            "Send": with(send, ["Next": "Retry"]),
            "Retry": [
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Never",
                "Parameters": ["QueueUrl": "http://localhost:4566/000000000000/none", "MessageBody": "x"],
                "Retry": [["ErrorEquals": ["States.ALL"], "IntervalSeconds": 3, "MaxAttempts": 2]],
                "Catch": [["ErrorEquals": ["States.ALL"], "ResultPath": .null, "Next": "Parallel"]],
            ],
            "Never": ["Type": "Succeed"],
            "Parallel": [
                "Type": "Parallel", "ResultPath": .null, "Next": "Map",
                "Branches": [wait, ["StartAt": "S1", "States": ["S1": with(send, ["End": true])]]],
            ],
            "Map": [
                "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "ResultPath": "$.mapped", "Next": "End",
                "ItemProcessor": [
                    "StartAt": "P1",
                    "States": [
                        "P1": ["Type": "Pass", "Next": "W2"], "W2": ["Type": "Wait", "Seconds": 2, "End": true],
                    ],
                ],
            ],
            "End": ["Type": "Succeed"],
        ],
    ]

    static let spread: JSON = [
        "StartAt": "Map",
        "States": [
            "Map": [
                "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "Label": "l", "Next": "End",
                "ItemProcessor": [
                    "ProcessorConfig": ["Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"], "StartAt": "W2",
                    "States": ["W2": ["Type": "Wait", "Seconds": 2, "Next": "S"], "S": with(send, ["End": true])],
                ],
            ], "End": ["Type": "Pass", "End": true],
        ],
    ]

    static let nested: JSON = [
        "StartAt": "Child",
        "States": [
            "Child": [
                "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Next": "Token",
                "Parameters": [
                    "StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:child", "Name": "c",
                ], "ResultPath": .null,
            ],
            "Token": [
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Next": "Activity",
                "Parameters": ["QueueUrl": .string(queue), "MessageBody": ["token.$": "$$.Task.Token"]],
            ],
            "Activity": [
                "Type": "Task", "Resource": "arn:aws:states:us-east-1:000000000000:activity:a", "TimeoutSeconds": 900,
                "Retry": [["ErrorEquals": ["States.Timeout"]]], "End": true,
            ],
        ],
    ]

    @Test(arguments: [("flow", flow), ("spread", spread), ("nested", nested)])
    func everyCommit(_ name: String, _ definition: JSON) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/kill-\(name)-\(RandomSource().hex(8))"
        let clock = ControlledClock()
        let copies = CommitCopies(of: folder, clock: clock)
        defer { copies.removeAll() }
        let stage = try await Stage(place: .folder(folder), clock: clock)
        try await stage.test.call("sqs", "CreateQueue", ["QueueName": "q"])
        try await stage.test.call("stepfunctions", "CreateActivity", ["name": "a"])
        try await stage.machine(Self.wait, name: "child")
        let machine = try await stage.machine(definition)
        try await stage.test.host.store.write { tx in
            copies.attach(to: tx.db)
        }
        let execution = try await stage.start(machine, ["items": [1, 2, 3]], name: "e")
        try await finish(stage, execution)
        let expected = try await Self.shape(stage, execution)
        #expect(try await stage.status(execution) == "SUCCEEDED")
        await stage.close()
        // How many there are depends on which writes meet in one commit; each machine has at least five that cannot.
        #expect(copies.all.count >= 5)
        for copy in copies.all {
            let restarted = try await Stage(
                place: .folder(copy.folder), clock: ControlledClock(nowMs: copy.nowMs))
            let found = try restarted.test.host.store.read { db in
                try db.row("SELECT id FROM sfn_execution WHERE name = 'e'")
            }
            if found == nil { try await restarted.start(machine, ["items": [1, 2, 3]], name: "e") }
            try await finish(restarted, execution)
            let shape = try await Self.shape(restarted, execution)
            #expect(shape == expected, "\(name) after commit \(copy.folder.split(separator: "-").last ?? "")")
            let threads = try restarted.test.host.store.read { db in try db.rows("SELECT 1 FROM sfn_thread").count }
            #expect(threads == 0)
            #expect(try restarted.dueRows() == 0)
            await restarted.close()
            guard shape == expected else { return }
        }
    }

    /// Moves time on, brings tokens and does activities until the execution has ended.
    private func finish(_ stage: Stage, _ execution: String) async throws {
        let engine = stage.service.engine
        for _ in 0..<400 {
            await stage.settle()
            guard try await stage.status(execution) == "RUNNING" else { return }
            let waiting = try stage.test.host.store.read { db in
                try db.row("SELECT id FROM sfn_activity_task") != nil
            }
            if waiting {
                let arn = "arn:aws:states:us-east-1:000000000000:activity:a"
                let task = try await engine.takeActivityTask(arn, worker: nil, stage.test.context())
                _ = try await engine.bring(task?.token ?? "", .success("done"))
                continue
            }
            if let token = try takenToken(stage) {
                _ = try? await engine.bring(token, .success("done"))
                continue
            }
            let messages = try await stage.test.call(
                "sqs", "ReceiveMessage", ["QueueUrl": .string(Self.queue), "VisibilityTimeout": 1])
            if let body = messages["Messages"]?[0]?["Body"]?.string, let token = (try? JSON.parse(body))?["token"] {
                _ = try? await engine.bring(token.string ?? "", .success(["t": 1]))
                continue
            }
            await stage.advance(seconds: 1)
        }
    }

    /// The token of an activity's task that a worker was given and still works on: workers are not killed.
    private func takenToken(_ stage: Stage) throws -> String? {
        let rows = try stage.test.host.store.read { db in try db.rows("SELECT state FROM sfn_thread") }
        for row in rows {
            let task = try JSON.parse(row["state"] as String)["w"]?["task"]
            if task?["taken"] == true { return task?["token"]?.string }
        }
        return nil
    }

    /// What must not differ: types, chains, names, errors.
    private static func shape(_ stage: Stage, _ execution: String) async throws -> [String] {
        try await stage.history(execution).map { event in
            let details = event.object?.members.first { $0.key.hasSuffix("EventDetails") }?.value
            return "\(event["id"] ?? 0) \(event["previousEventId"] ?? 0) \(event["type"]?.string ?? "") "
                + "\(details?["name"]?.string ?? "") \(details?["index"]?.text() ?? "") "
                + "\(details?["error"]?.string ?? "")"
        }
    }
}
