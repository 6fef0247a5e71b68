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
        #expect(TaskRules.problems(try TaskResource("arn:aws:states:::" + resource), parameters) == problems)
    }

    @Test(
        "operations that a service does not have",
        arguments: [
            ("sqs:sendMessage", false), ("sqs:SendMessage", true), ("sqs:noSuchThing", true),
            ("dynamodb:query", false), ("athena:anything", false), ("ecs:describeTasks", false),
        ])
    func operations(operation: String, isUnknown: Bool) throws {
        #expect(TaskRules.isUnknown(try TaskResource("arn:aws:states:::aws-sdk:" + operation)) == isUnknown)
    }
}
