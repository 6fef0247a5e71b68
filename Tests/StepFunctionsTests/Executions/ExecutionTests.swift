import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

/// Executions through the API: start, wait, end, describe, list, stop, redrive.
@Suite struct ExecutionTests {
    static let pass: JSON = ["StartAt": "A", "States": ["A": ["Type": "Pass", "Result": ["x": 1], "End": true]]]
    static let wait: JSON = [
        "StartAt": "W", "States": ["W": ["Type": "Wait", "Seconds": 60, "Next": "D"], "D": ["Type": "Succeed"]],
    ]

    @Test func passChainIsOneCommit() async throws {
        let stage = try await Stage()
        let machine = try await stage.machine(Self.pass)
        let before = stage.test.host.store.count.commits
        let execution = try await stage.start(machine)
        #expect(stage.test.host.store.count.commits == before + 1)
        #expect(try await stage.status(execution) == "SUCCEEDED")
        #expect(try await stage.output(execution) == ["x": 1])
        #expect(
            try await stage.types(execution) == [
                "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded",
            ])
        await stage.settle()
        #expect(stage.service.engine.liveCount == 0)
    }

    @Test func waitGoesOnWhenItsTimeHasCome() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(Self.wait)
        #expect(try await stage.status(execution) == "RUNNING")
        #expect(stage.service.engine.liveCount == 0)
        await stage.advance(seconds: 59)
        #expect(try await stage.status(execution) == "RUNNING")
        await stage.advance(seconds: 1)
        #expect(try await stage.status(execution) == "SUCCEEDED")
        #expect(try stage.dueRows() == 0)
        #expect(try stage.test.host.store.read { db in try db.rows("SELECT * FROM sfn_thread") }.isEmpty)
    }

    @Test func sameNameIsTheSameExecutionWhileItRuns() async throws {
        let stage = try await Stage()
        let machine = try await stage.machine(Self.wait)
        let first = try await stage.start(machine, ["a": 1], name: "one")
        #expect(try await stage.start(machine, ["a": 1], name: "one") == first)
        let error = await stage.test.failure(
            "stepfunctions", "StartExecution",
            ["stateMachineArn": .string(machine), "name": "one", "input": "{}"])
        #expect(error?.code == "ExecutionAlreadyExists")
        #expect(error?.message == "Execution Already Exists: '\(first)'")
    }

    @Test func stop() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(Self.wait)
        try await stage.test.call(
            "stepfunctions", "StopExecution",
            ["executionArn": .string(execution), "error": "Mine", "cause": "because"])
        let description = try await stage.describe(execution)
        #expect(description["status"] == "ABORTED")
        #expect(description["error"] == "Mine")
        #expect(description["cause"] == "because")
        #expect(try await stage.types(execution).last == "ExecutionAborted")
        #expect(try stage.dueRows() == 0)
    }

    @Test func timeLimitOfTheExecution() async throws {
        let stage = try await Stage()
        var definition = Self.wait
        definition["TimeoutSeconds"] = 5
        let execution = try await stage.run(definition)
        await stage.advance(seconds: 5)
        let description = try await stage.describe(execution)
        #expect(description["status"] == "TIMED_OUT")
        #expect(description["error"] == nil)
        #expect(description["redriveStatus"] == "REDRIVABLE")
        #expect(try await stage.types(execution).last == "ExecutionTimedOut")
    }

    @Test func redriveGoesOnFromTheFailedState() async throws {
        let stage = try await Stage()
        let definition: JSON = [
            "StartAt": "A",
            "States": [
                "A": ["Type": "Pass", "Next": "S"],
                "S": [
                    "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
                    "Parameters": ["QueueUrl": "http://localhost:4566/000000000000/late", "MessageBody": "hello"],
                ],
            ],
        ]
        let execution = try await stage.run(definition)
        #expect(try await stage.status(execution) == "FAILED")
        try await stage.test.call("sqs", "CreateQueue", ["QueueName": "late"])
        try await stage.test.call("stepfunctions", "RedriveExecution", ["executionArn": .string(execution)])
        await stage.settle()
        let description = try await stage.describe(execution)
        #expect(description["status"] == "SUCCEEDED")
        #expect(description["redriveCount"] == 1)
        let types = try await stage.types(execution)
        #expect(
            Array(types.drop { $0 != "ExecutionRedriven" }) == [
                "ExecutionRedriven", "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited",
                "ExecutionSucceeded",
            ])
        #expect(types.filter { $0 == "PassStateEntered" }.count == 1)
        let again = await stage.test.failure(
            "stepfunctions", "RedriveExecution", ["executionArn": .string(execution)])
        #expect(again?.code == "ExecutionNotRedrivable")
    }

    @Test func redriveAfterFourteenDaysIsRefused() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(["StartAt": "F", "States": ["F": ["Type": "Fail", "Error": "E"]]])
        await stage.advance(seconds: 14 * 86_400 + 1)
        let error = await stage.test.failure(
            "stepfunctions", "RedriveExecution", ["executionArn": .string(execution)])
        #expect(error?.code == "ExecutionNotRedrivable")
    }

    @Test func enlistedTaskIsPartOfTheStep() async throws {
        let stage = try await Stage()
        try await stage.test.call("sqs", "CreateQueue", ["QueueName": "q"])
        var states: JSON = [:]
        for index in 1...5 {
            states["S\(index)"] = [
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": ["QueueUrl": "http://localhost:4566/000000000000/q", "MessageBody": "hello"],
                (index == 5 ? "End" : "Next"): index == 5 ? true : .string("S\(index + 1)"),
            ]
        }
        let machine = try await stage.machine(["StartAt": "S1", "States": states])
        let before = stage.test.host.store.count.commits
        let execution = try await stage.start(machine)
        await stage.settle()
        #expect(try await stage.status(execution) == "SUCCEEDED")
        #expect(stage.test.host.store.count.commits == before + 6)
        let attributes = try await stage.test.call(
            "sqs", "GetQueueAttributes",
            ["QueueUrl": "http://localhost:4566/000000000000/q", "AttributeNames": ["ApproximateNumberOfMessages"]])
        #expect(attributes["Attributes"]?["ApproximateNumberOfMessages"] == "5")
    }

    @Test func pagesOfHistory() async throws {
        let stage = try await Stage()
        let items = JSON.array((0..<300).map { .number($0) })
        let execution = try await stage.run(
            [
                "StartAt": "M",
                "States": [
                    "M": [
                        "Type": "Map", "End": true,
                        "ItemProcessor": [
                            "StartAt": "P", "States": ["P": ["Type": "Pass", "End": true]],
                        ],
                    ]
                ],
            ], items)
        #expect(try await stage.output(execution) == items)
        for isReversed in [false, true] {
            var ids: [Int] = []
            var token: JSON?
            repeat {
                var input: JSON = [
                    "executionArn": .string(execution), "maxResults": 97, "reverseOrder": .bool(isReversed),
                ]
                input["nextToken"] = token
                let page = try await stage.test.call("stepfunctions", "GetExecutionHistory", input)
                ids += page["events"]?.array?.compactMap { $0["id"]?.int } ?? []
                token = page["nextToken"]
            } while token != nil
            #expect(ids == (isReversed ? Array((1...1206).reversed()) : Array(1...1206)))
        }
    }

    @Test func twentyFiveThousandEventsAreTheEnd() async throws {
        let stage = try await Stage()
        let execution = try await stage.run([
            "StartAt": "A",
            "States": [
                "A": ["Type": "Pass", "Next": "C"],
                "C": [
                    "Type": "Choice", "Choices": [["Variable": "$.stop", "IsPresent": true, "Next": "S"]],
                    "Default": "A",
                ], "S": ["Type": "Succeed"],
            ],
        ])
        let description = try await stage.describe(execution)
        #expect(description["status"] == "FAILED")
        #expect(description["error"] == "States.Runtime")
        let last = try await stage.test.call(
            "stepfunctions", "GetExecutionHistory",
            ["executionArn": .string(execution), "reverseOrder": true, "maxResults": 1])
        #expect(last["events"]?[0]?["id"] == 25_000)
        #expect(last["events"]?[0]?["type"] == "ExecutionFailed")
        #expect(description["redriveStatusReason"] == "Execution history event limit exceeded")
    }

    @Test func lists() async throws {
        let stage = try await Stage()
        let machine = try await stage.machine(Self.pass)
        var started: [String] = []
        for _ in 0..<5 { started.append(try await stage.start(machine)) }
        let page = try await stage.test.call(
            "stepfunctions", "ListExecutions", ["stateMachineArn": .string(machine), "maxResults": 3])
        let rest = try await stage.test.call(
            "stepfunctions", "ListExecutions",
            ["stateMachineArn": .string(machine), "nextToken": page["nextToken"] ?? .null])
        let arns = ((page["executions"]?.array ?? []) + (rest["executions"]?.array ?? []))
            .compactMap { $0["executionArn"]?.string }
        #expect(arns == started.reversed())
        let failed = try await stage.test.call(
            "stepfunctions", "ListExecutions", ["stateMachineArn": .string(machine), "statusFilter": "FAILED"])
        #expect(failed["executions"] == [])
    }

    @Test func expressInOneCall() async throws {
        let stage = try await Stage()
        let machine = try await stage.machine(Self.pass, type: "EXPRESS")
        let answer = try await stage.test.call(
            "stepfunctions", "StartSyncExecution", ["stateMachineArn": .string(machine), "input": "{}"])
        #expect(answer["status"] == "SUCCEEDED")
        #expect(answer["output"] == #"{"x":1}"#)
        let arn = try await stage.start(machine)
        #expect(arn.contains(":express:machine:"))
        let error = await stage.test.failure("stepfunctions", "DescribeExecution", ["executionArn": .string(arn)])
        #expect(error?.message == "Invalid Arn: 'Resource type not valid in this context: express'")
        await stage.settle()
        #expect(stage.service.engine.liveCount == 0)
    }
}
