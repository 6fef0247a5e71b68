import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

/// What goes beyond AWS: skipping a state, running again from a state, changing the input of a retry.
@Suite struct InterventionTests {
    static let stuck: JSON = [
        "StartAt": "A",
        "States": [
            "A": ["Type": "Pass", "Assign": ["v": 7], "Result": ["a": 1], "Next": "W"],
            "W": ["Type": "Wait", "Seconds": 9999, "Next": "B"],
            "B": ["Type": "Pass", "Parameters": ["v.$": "$v", "i.$": "$"], "End": true],
        ],
    ]
    static let retried: JSON = [
        "StartAt": "S",
        "States": [
            "S": [
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true, "ResultPath": .null,
                "Parameters": ["QueueUrl.$": "$.url", "MessageBody": "x"],
                "Retry": [["ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 1]],
            ]
        ],
    ]

    private func intervene(_ stage: Stage, _ name: String, _ execution: String, _ more: JSON) async throws -> JSON {
        var input = more
        input["executionArn"] = .string(execution)
        return try await Interventions.run(name, input, stage.test.context())
    }

    @Test func skipLeavesTheState() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(Self.stuck)
        _ = try await intervene(stage, "skip", execution, ["state": "W", "output": "given"])
        await stage.settle()
        #expect(try await stage.output(execution) == ["v": 7, "i": "given"])
        #expect(try stage.dueRows() == 0)
    }

    @Test func skipOfAFailedStateRedrives() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(Self.retried, ["url": "http://localhost:4566/000000000000/none"])
        await stage.advance(seconds: 60)
        #expect(try await stage.status(execution) == "FAILED")
        _ = try await intervene(stage, "skip", execution, ["state": "S", "output": "given"])
        await stage.settle()
        #expect(try await stage.output(execution) == "given")
        #expect(try await stage.describe(execution)["redriveCount"] == 1)
    }

    @Test func aStateIsRunAgainWithItsVariables() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(Self.stuck)
        let answer = try await intervene(stage, "rerun", execution, ["state": "B", "input": "new"])
        await stage.settle()
        #expect(try await stage.output(answer["executionArn"]?.string ?? "") == ["v": 7, "i": "new"])
        let again = try await intervene(stage, "rerun", execution, ["state": "W"])
        await stage.advance(seconds: 9999)
        #expect(try await stage.output(again["executionArn"]?.string ?? "") == ["v": 7, "i": ["a": 1]])
    }

    @Test func retriesWithAnotherInput() async throws {
        let stage = try await Stage()
        try await stage.test.call("sqs", "CreateQueue", ["QueueName": "q"])
        let execution = try await stage.run(Self.retried, ["url": "http://localhost:4566/000000000000/none"])
        let input: JSON = ["url": "http://localhost:4566/000000000000/q"]
        _ = try await intervene(stage, "change-input", execution, ["state": "S", "input": input])
        await stage.advance(seconds: 60)
        #expect(try await stage.output(execution) == input)
    }

    @Test func whatIsNotThereIsRefused() async throws {
        let stage = try await Stage()
        let execution = try await stage.run(Self.stuck)
        await #expect(throws: AWSError.self) {
            try await intervene(stage, "skip", execution, ["state": "B", "output": 1])
        }
        await #expect(throws: AWSError.self) {
            try await intervene(stage, "change-input", execution, ["state": "W", "input": 1])
        }
    }
}
