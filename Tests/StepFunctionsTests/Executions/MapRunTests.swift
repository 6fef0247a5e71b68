import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

/// Distributed Map states: child executions, batches, tolerated failures, stops, redrives.
@Suite struct MapRunTests {
    private func definition(_ more: JSON = [:], states: JSON? = nil) -> JSON {
        var map: JSON = [
            "Type": "Map", "End": true, "Label": "items",
            "ItemProcessor": [
                "ProcessorConfig": ["Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"], "StartAt": "P",
                "States": states ?? ["P": ["Type": "Pass", "End": true]],
            ],
        ]
        for (name, value) in more.object ?? [:] { map[name] = value }
        return ["StartAt": "M", "States": ["M": map]]
    }

    private static let failsOnTwo: JSON = [
        "P": [
            "Type": "Choice", "Choices": [["Variable": "$", "NumericEquals": 2, "Next": "F"]], "Default": "S",
        ], "F": ["Type": "Fail", "Error": "Two"], "S": ["Type": "Succeed"],
    ]

    @Test func itemsInTheirOrder() async throws {
        let stage = try await Stage()
        let items = JSON.array((0..<150).map { .number($0) })
        let execution = try await stage.run(definition(["MaxConcurrency": 7]), items)
        #expect(try await stage.output(execution) == items)
        let events = try await stage.history(execution)
        #expect(
            events.map { $0["type"]?.string ?? "" } == [
                "ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapRunStarted", "MapRunSucceeded",
                "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded",
            ])
        #expect(events[6]["previousEventId"] == 4)
        let runs = try await stage.test.call("stepfunctions", "ListMapRuns", ["executionArn": .string(execution)])
        let arn = runs["mapRuns"]?[0]?["mapRunArn"] ?? .null
        #expect(arn.string?.hasPrefix("arn:aws:states:us-east-1:000000000000:mapRun:machine/items:") == true)
        let run = try await stage.test.call("stepfunctions", "DescribeMapRun", ["mapRunArn": arn])
        #expect(run["status"] == "SUCCEEDED")
        #expect(run["itemCounts"]?["succeeded"] == 150)
        #expect(run["itemCounts"]?["total"] == 150)
        let children = try await stage.test.call(
            "stepfunctions", "ListExecutions", ["mapRunArn": arn, "maxResults": 1000])
        #expect(children["executions"]?.array?.count == 150)
        #expect(
            children["executions"]?[0]?["stateMachineArn"]
                == "arn:aws:states:us-east-1:000000000000:stateMachine:machine/items")
    }

    @Test func oneFailureIsTooMany() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(definition(states: Self.failsOnTwo), [1, 2, 3])
        let description = try await stage.describe(execution)
        #expect(description["status"] == "FAILED")
        #expect(description["error"] == "States.ExceedToleratedFailureThreshold")
        #expect(
            Array(try await stage.types(execution).suffix(4)) == [
                "MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed",
            ])
    }

    @Test(arguments: [["ToleratedFailureCount": 1], ["ToleratedFailurePercentage": 34]] as [JSON])
    func toleratedFailures(_ limit: JSON) async throws {
        let stage = try await Stage()
        let execution = try await stage.run(definition(limit, states: Self.failsOnTwo), [1, 2, 3])
        #expect(try await stage.output(execution) == [1, 3])
    }

    @Test func batchesAndSelector() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(
            definition([
                "ItemSelector": ["i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"],
                "ItemBatcher": ["MaxItemsPerBatch": 2, "BatchInput": ["b": 1]],
            ]), ["x", "y", "z"])
        #expect(
            try await stage.output(execution) == [
                ["BatchInput": ["b": 1], "Items": [["i": 0, "v": "x"], ["i": 1, "v": "y"]]],
                ["BatchInput": ["b": 1], "Items": [["i": 2, "v": "z"]]],
            ])
    }

    @Test func stopStopsTheChildren() async throws {
        let stage = try await Stage()
        let waits: JSON = ["P": ["Type": "Wait", "Seconds": 100, "End": true]]
        let execution = try await stage.run(definition(states: waits), [1, 2, 3])
        try await stage.test.call("stepfunctions", "StopExecution", ["executionArn": .string(execution)])
        await stage.settle()
        let runs = try await stage.test.call("stepfunctions", "ListMapRuns", ["executionArn": .string(execution)])
        let arn = runs["mapRuns"]?[0]?["mapRunArn"] ?? .null
        let run = try await stage.test.call("stepfunctions", "DescribeMapRun", ["mapRunArn": arn])
        #expect(run["status"] == "ABORTED")
        #expect(run["executionCounts"]?["aborted"] == 3)
        #expect(try stage.dueRows() == 0)
    }

    @Test func redriveRunsWhatFailed() async throws {
        let stage = try await Stage()
        let sends: JSON = [
            "P": [
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "ResultPath": .null, "End": true,
                "Parameters": ["QueueUrl.$": "$", "MessageBody": "hello"],
            ]
        ]
        try await stage.test.call("sqs", "CreateQueue", ["QueueName": "there"])
        let base = "http://localhost:4566/000000000000/"
        let items: JSON = [.string(base + "there"), .string(base + "late")]
        let execution = try await stage.run(definition(["MaxConcurrency": 1], states: sends), items)
        #expect(try await stage.status(execution) == "FAILED")
        try await stage.test.call("sqs", "CreateQueue", ["QueueName": "late"])
        try await stage.test.call("stepfunctions", "RedriveExecution", ["executionArn": .string(execution)])
        await stage.settle()
        #expect(try await stage.output(execution) == items)
        #expect(try await stage.types(execution).contains("MapRunRedriven"))
        for name in ["there", "late"] {
            let answer = try await stage.test.call(
                "sqs", "GetQueueAttributes",
                ["QueueUrl": .string(base + name), "AttributeNames": ["ApproximateNumberOfMessages"]])
            #expect(answer["Attributes"]?["ApproximateNumberOfMessages"] == "1")
        }
    }

    @Test func expressChildren() async throws {
        let stage = try await Stage()
        var definition = definition()
        definition["States"]?["M"]?["ItemProcessor"]?["ProcessorConfig"]?["ExecutionType"] = "EXPRESS"
        let execution = try await stage.run(definition, ["a", "b"])
        #expect(try await stage.output(execution) == ["a", "b"])
    }
}
