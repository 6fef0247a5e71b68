import Foundation
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("What the checker says of tasks")
struct TaskRulesTests {
    @Test(
        "parameters",
        arguments: [
            ("sqs:sendMessage", ["QueueUrl.$": "$.u", "MessageBody": "m"], []),
            ("sqs:sendMessage", ["QueueUrl": "{% $u %}", "MessageBody": "m"], []),
            ("sqs:sendMessage", ["QueueUrl": "u"], ["The field 'MessageBody' is required but was missing"]),
            (
                "aws-sdk:sfn:startExecution", ["stateMachineArn": "a"],
                [
                    "The field \"stateMachineArn\" is not supported by Step Functions",
                    "The field 'StateMachineArn' is required but was missing",
                ]
            ),
            ("lambda:invoke", ["Payload": ["any": 1], "FunctionName": "f"], []),
            (
                "lambda:invoke.waitForTaskToken", ["FunctionName": "f", "TaskToken.$": "$$.Task.Token"],
                ["The field \"TaskToken\" is not supported by Step Functions"]
            ),
            ("http:invoke", ["ApiEndpoint": "e", "Method.$": "$.m", "Authentication": [:]], []),
            (
                "dynamodb:putItem", ["TableName": "t", "Item": ["id": ["X": "1"]]],
                ["The field \"X\" is not supported by Step Functions"]
            ),
            ("dynamodb:putItem", ["TableName": "t", "Item": ["id": ["S.$": "$.id"]]], []),
            ("athena:startQueryExecution", ["Anything": 1], []),
        ] as [(String, JSON, [String])])
    func parameters(resource: String, parameters: JSON, problems: [String]) throws {
        #expect(TaskRules().problems(try TaskResource("arn:aws:states:::" + resource), parameters) == problems)
    }

    @Test(
        "operations that a service does not have",
        arguments: [
            ("sqs:sendMessage", false), ("sqs:SendMessage", true), ("sqs:noSuchThing", true),
            ("dynamodb:query", false), ("athena:anything", false), ("ecs:describeTasks", false),
        ])
    func operations(operation: String, isUnknown: Bool) throws {
        #expect(TaskRules().isUnknown(try TaskResource("arn:aws:states:::aws-sdk:" + operation)) == isUnknown)
    }

    /// Recorded definitions that AWS took are not refused for their tasks.
    @Test("recorded definitions", .enabled(if: FileManager.default.fileExists(atPath: Self.vectors)))
    func recorded() throws {
        var refused: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: Self.vectors) where file.hasSuffix(".json") {
            let data = try #require(FileManager.default.contents(atPath: "\(Self.vectors)/\(file)"))
            for call in try JSON.parse([UInt8](data)).array?.flatMap({ $0["calls"]?.array ?? [] }) ?? [] {
                guard let definition = call["params"]?["definition"]?.string, call["answered"] != nil else { continue }
                refused.formUnion(Definition.check(definition, tasks: TaskRules()).map(\.line))
                refused.subtract(Definition.check(definition).map(\.line))
            }
        }
        #expect(refused == [])
    }

    private static let vectors = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return root.deletingLastPathComponent().path + "/shared/vectors/stepfunctions"
    }()
}
