import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

/// Tokens, activities, time-outs, retries, nested executions, through the engine.
@Suite struct LifecycleTests {
    private static func token(_ more: JSON = [:]) -> JSON {
        var state: JSON = [
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
            "Parameters": [
                "QueueUrl": "http://localhost:4566/000000000000/q", "MessageBody": ["token.$": "$$.Task.Token"],
            ],
        ]
        for (name, value) in more.object ?? [:] { state[name] = value }
        return ["StartAt": "T", "States": ["T": state]]
    }

    private func receive(_ stage: Stage) async throws -> String {
        let answer = try await stage.test.call(
            "sqs", "ReceiveMessage", ["QueueUrl": "http://localhost:4566/000000000000/q"])
        let body = answer["Messages"]?[0]?["Body"]?.string ?? "{}"
        return try JSON.parse(body)["token"]?.string ?? ""
    }

    @Test func tokenBringsTheResult() async throws {
        let stage = try await Stage()
        try await stage.test.call("sqs", "CreateQueue", ["QueueName": "q"])
        let execution = try await stage.run(Self.token())
        #expect(stage.service.engine.liveCount == 0)
        let token = try await receive(stage)
        #expect(try await stage.service.engine.bring(token, .success(["done": true])))
        #expect(try await stage.output(execution) == ["done": true])
        #expect(try await stage.service.engine.bring(token, .success(["done": true])) == false)
        #expect(
            Array(try await stage.types(execution).dropFirst(2)) == [
                "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited",
                "ExecutionSucceeded",
            ])
    }

    @Test func heartbeatsKeepAnAttempt() async throws {
        let stage = try await Stage()
        try await stage.test.call("sqs", "CreateQueue", ["QueueName": "q"])
        let execution = try await stage.run(Self.token(["HeartbeatSeconds": 10]))
        let token = try await receive(stage)
        for _ in 0..<3 {
            await stage.advance(seconds: 9)
            #expect(try await stage.service.engine.bring(token, .heartbeat))
        }
        #expect(try await stage.status(execution) == "RUNNING")
        await stage.advance(seconds: 10)
        let description = try await stage.describe(execution)
        #expect(description["status"] == "FAILED")
        #expect(description["error"] == "States.Timeout")
        #expect(try await stage.types(execution).contains("TaskTimedOut"))
    }

    @Test func retriesWithGrowingDelays() async throws {
        let stage = try await Stage()
        let execution = try await stage.run([
            "StartAt": "S",
            "States": [
                "S": [
                    "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
                    "Parameters": ["QueueUrl": "http://localhost:4566/000000000000/none", "MessageBody": "x"],
                    "Retry": [
                        [
                            "ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "BackoffRate": 2, "MaxAttempts": 3,
                            "MaxDelaySeconds": 30,
                        ]
                    ],
                    "Catch": [["ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"]],
                ], "Caught": ["Type": "Pass", "End": true],
            ],
        ])
        for seconds in [10, 20, 30] as [Int64] {
            await stage.advance(seconds: seconds - 1)
            #expect(try await stage.status(execution) == "RUNNING")
            await stage.advance(seconds: 1)
        }
        #expect(try await stage.status(execution) == "SUCCEEDED")
        #expect(try await stage.types(execution).filter { $0 == "TaskFailed" }.count == 4)
        #expect(try await stage.output(execution)["error"]?["Error"]?.string?.contains("QueueDoesNotExist") == true)
    }

    @Test func activityTaskIsTakenOnce() async throws {
        let stage = try await Stage()
        let answer = try await stage.test.call("stepfunctions", "CreateActivity", ["name": "work"])
        let arn = answer["activityArn"]?.string ?? ""
        let execution = try await stage.run(
            ["StartAt": "A", "States": ["A": ["Type": "Task", "Resource": .string(arn), "End": true]]], ["x": 1])
        let context = stage.test.context()
        let task = try await stage.service.engine.takeActivityTask(arn, worker: "me", context)
        #expect(task?.input == #"{"x":1}"#)
        #expect(try await stage.service.engine.bring(task?.token ?? "", .success(2)))
        #expect(try await stage.output(execution) == 2)
        #expect(
            Array(try await stage.types(execution).dropFirst(2).prefix(3)) == [
                "ActivityScheduled", "ActivityStarted", "ActivitySucceeded",
            ])
    }

    @Test func nestedExecutionWakesItsParent() async throws {
        let stage = try await Stage()
        let child = try await stage.machine(
            ["StartAt": "W", "States": ["W": ["Type": "Wait", "Seconds": 5, "End": true]]], name: "child")
        let execution = try await stage.run(
            [
                "StartAt": "N",
                "States": [
                    "N": [
                        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true,
                        "Parameters": ["StateMachineArn": .string(child), "Input": ["a": 1]],
                        "ResultSelector": ["o.$": "$.Output", "s.$": "$.Status"],
                    ]
                ],
            ], name: "parent")
        #expect(try await stage.status(execution) == "RUNNING")
        await stage.advance(seconds: 5)
        #expect(try await stage.output(execution) == ["o": ["a": 1], "s": "SUCCEEDED"])
    }

    @Test func failedBranchStopsItsSiblings() async throws {
        let stage = try await Stage()
        let execution = try await stage.run([
            "StartAt": "P",
            "States": [
                "P": [
                    "Type": "Parallel", "End": true,
                    "Branches": [
                        ["StartAt": "W", "States": ["W": ["Type": "Wait", "Seconds": 99, "End": true]]],
                        [
                            "StartAt": "V",
                            "States": [
                                "V": ["Type": "Wait", "Seconds": 1, "Next": "F"], "F": ["Type": "Fail", "Error": "E"],
                            ],
                        ],
                    ],
                    "Catch": [["ErrorEquals": ["E"], "Next": "C"]],
                ], "C": ["Type": "Pass", "End": true],
            ],
        ])
        await stage.advance(seconds: 1)
        #expect(try await stage.output(execution) == ["Error": "E", "Cause": ""])
        #expect(try await stage.types(execution).contains("WaitStateAborted"))
        #expect(try stage.dueRows() == 0)
        #expect(try stage.test.host.store.read { db in try db.rows("SELECT * FROM sfn_thread") }.isEmpty)
    }
}
