import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import StepFunctions

@Suite("Executions with integrations")
struct IntegrationTests {
    @Test("a message to a queue: every event as recorded of AWS")
    func message() async throws {
        let host = try await IntegrationHost()
        let queue = try await host.host.call("sqs", "CreateQueue", ["QueueName": "q"])["QueueUrl"] ?? .null
        try await host.task("sqs:sendMessage", ["QueueUrl.$": "$.queue", "MessageBody.$": "$.body"])
        let execution = try await host.start(["queue": queue, "body": ["a": 1]])
        #expect(
            try await host.events(execution).map { $0["type"]?.string } == [
                "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSucceeded",
                "TaskStateExited", "ExecutionSucceeded",
            ])
        #expect(
            try await host.tasks(execution) == [
                "TaskScheduled sqs sendMessage", "TaskStarted sqs sendMessage", "TaskSucceeded sqs sendMessage",
            ])
        #expect(
            try await host.detail(execution, "TaskScheduled", "parameters")
                == ["QueueUrl": queue, "MessageBody": ["a": 1]])
        #expect(try await host.detail(execution, "TaskScheduled", "region") == "us-east-1")
        let received = try await host.host.call("sqs", "ReceiveMessage", ["QueueUrl": queue])
        #expect(received["Messages"]?[0]?["Body"] == #"{"a":1}"#)
    }

    @Test("a table: put, update, get, delete")
    func table() async throws {
        let host = try await IntegrationHost()
        try await TaskHost.table("Tab", host.host)
        func state(_ action: String, _ more: JSON, next: String?) -> JSON {
            var parameters: JSON = ["TableName": "Tab"]
            for (key, value) in more.object ?? [:] { parameters[key] = value }
            var state: JSON = [
                "Type": "Task", "Resource": .string("arn:aws:states:::dynamodb:\(action)"), "Parameters": parameters,
                "ResultPath": .string("$.\(action)"),
            ]
            if let next { state["Next"] = .string(next) } else { state["End"] = true }
            return state
        }
        let key: JSON = ["Key": ["id": ["S": "1"]]]
        var update = key
        update["UpdateExpression"] = "SET n = :n"
        update["ExpressionAttributeValues"] = [":n": ["N.$": "States.Format('{}', $.n)"]]
        try await host.machine([
            "StartAt": "put",
            "States": [
                "put": state("putItem", ["Item": ["id": ["S": "1"]]], next: "update"),
                "update": state("updateItem", update, next: "get"),
                "get": state("getItem", key, next: "delete"),
                "delete": state("deleteItem", key, next: nil),
            ],
        ])
        let execution = try await host.start(["n": 5])
        let output = try JSON.parse(try await host.describe(execution)["output"]?.string ?? "null")
        #expect(output["getItem"]?["Item"] == ["id": ["S": "1"], "n": ["N": "5"]])
        let left = try await host.host.call("dynamodb", "GetItem", ["TableName": "Tab", "Key": ["id": ["S": "1"]]])
        #expect(left["Item"] == nil)
    }

    @Test("a token is waited for, and brought back through the SDK by another execution")
    func token() async throws {
        let host = try await IntegrationHost()
        let queue = try await host.host.call("sqs", "CreateQueue", ["QueueName": "q"])["QueueUrl"] ?? .null
        try await host.task(
            "sqs:sendMessage.waitForTaskToken", ["QueueUrl": queue, "MessageBody": ["Token.$": "$$.Task.Token"]])
        let waiting = try await host.start()
        #expect(try await host.describe(waiting)["status"] == "RUNNING")
        let received = try await host.host.call("sqs", "ReceiveMessage", ["QueueUrl": queue])
        let body = try JSON.parse(received["Messages"]?[0]?["Body"]?.string ?? "null")
        try await host.task(
            "aws-sdk:sfn:sendTaskSuccess", ["TaskToken.$": "$.Token", "Output": #"{"done":true}"#], name: "Bringer")
        let bringer = try await host.start(body, name: "Bringer")
        #expect(try await host.describe(bringer)["status"] == "SUCCEEDED")
        #expect(try await host.describe(waiting)["output"] == #"{"done":true}"#)
        #expect(
            try await host.tasks(waiting) == [
                "TaskScheduled sqs sendMessage.waitForTaskToken", "TaskStarted sqs sendMessage.waitForTaskToken",
                "TaskSubmitted sqs sendMessage.waitForTaskToken", "TaskSucceeded sqs sendMessage.waitForTaskToken",
            ])
    }

    @Test(
        "nested executions: text or JSON of their results",
        arguments: [(".sync", #"{"x":1}"#), (".sync:2", ["x": 1])] as [(String, JSON)])
    func nested(pattern: String, result: JSON) async throws {
        let host = try await IntegrationHost()
        try await host.machine(
            ["StartAt": "W", "States": ["W": ["Type": "Wait", "Seconds": 10, "End": true]]], name: "Child")
        try await host.task(
            "states:startExecution" + pattern,
            [
                "StateMachineArn": .string("\(IntegrationHost.prefix):stateMachine:Child"), "Input.$": "$",
                "Name": "child",
            ])
        let parent = try await host.start(["x": 1])
        #expect(try await host.describe(parent)["status"] == "RUNNING")
        await host.advance(byMs: 10_000)
        #expect(try await host.describe(parent)["status"] == "SUCCEEDED")
        let output = try JSON.parse(try await host.describe(parent)["output"]?.string ?? "null")
        #expect(output["Output"] == result)
        #expect(output["Name"] == "child")
        #expect(output["Status"] == "SUCCEEDED")
        #expect(
            try await host.tasks(parent).map { $0.split(separator: " ").first } == [
                "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded",
            ])
    }

    @Test("stopping the parent stops the nested execution; a failed one fails the task")
    func nestedEnds() async throws {
        let host = try await IntegrationHost()
        try await host.machine(
            [
                "StartAt": "W",
                "States": ["W": ["Type": "Wait", "Seconds": 10, "Next": "F"], "F": ["Type": "Fail", "Error": "E"]],
            ],
            name: "Child")
        try await host.task(
            "states:startExecution.sync",
            ["StateMachineArn": .string("\(IntegrationHost.prefix):stateMachine:Child"), "Name.$": "$.name"])
        let stopped = try await host.start(["name": "one"])
        try await host.host.call("stepfunctions", "StopExecution", ["executionArn": .string(stopped)])
        await host.settle()
        #expect(
            try await host.describe("\(IntegrationHost.prefix):execution:Child:one")["status"] == "ABORTED")
        let failed = try await host.start(["name": "two"])
        await host.advance(byMs: 10_000)
        let description = try await host.describe(failed)
        #expect(description["error"] == "States.TaskFailed")
        #expect(try JSON.parse(description["cause"]?.string ?? "")["Error"] == "E")
    }

    @Test("failures of calls can be caught; unfit parameters cannot")
    func failures() async throws {
        let host = try await IntegrationHost()
        try await host.machine([
            "StartAt": "S",
            "States": [
                "S": [
                    "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
                    "Parameters": ["TableName.$": "$.table", "Key": ["id": ["S.$": "$.id"]]],
                    "Catch": [["ErrorEquals": ["DynamoDb.ResourceNotFoundException"], "Next": "Caught"]], "End": true,
                ],
                "Caught": ["Type": "Pass", "End": true],
            ],
        ])
        let caught = try await host.start(["table": "None", "id": "1"])
        #expect(try await host.describe(caught)["status"] == "SUCCEEDED")
        #expect(try await host.tasks(caught).last == "TaskFailed aws-sdk:dynamodb getItem")
        let unfit = try await host.start(["table": "None", "id": 1])
        let description = try await host.describe(unfit)
        #expect(description["error"] == "States.Runtime")
        #expect(
            description["cause"]?.string
                == "An error occurred while executing the state 'S' (entered at the event id #2). The Parameters "
                + #"'{"TableName":"None","Key":{"id":{"S":1}}}' could not be used to start the Task: "#
                + "[The value of the field 'S' has an invalid format]")
    }

    @Test("events go to rules")
    func events() async throws {
        let host = try await IntegrationHost()
        let queue = try await host.host.call("sqs", "CreateQueue", ["QueueName": "q"])["QueueUrl"] ?? .null
        try await host.host.call(
            "events", "PutRule", ["Name": "r", "EventPattern": #"{"source":["mine"]}"#])
        try await host.host.call(
            "events", "PutTargets",
            ["Rule": "r", "Targets": [["Id": "1", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"]]])
        try await host.task(
            "events:putEvents",
            ["Entries": [["Source": "mine", "DetailType": "t", "Detail": ["a.$": "$.a"]]]])
        let execution = try await host.start(["a": 7])
        #expect(try await host.describe(execution)["status"] == "SUCCEEDED")
        let received = try await host.host.call("sqs", "ReceiveMessage", ["QueueUrl": queue])
        let event = try JSON.parse(received["Messages"]?[0]?["Body"]?.string ?? "null")
        #expect(event["detail"] == ["a": 7])
        #expect(
            event["resources"] == [.string("\(IntegrationHost.prefix):stateMachine:M"), .string(execution)])
    }

    @Test("a machine with an unknown field or operation is not created")
    func refused() async throws {
        let host = try await IntegrationHost()
        await #expect {
            try await host.task("sqs:sendMessage", ["QueueUrl": "u", "Body": "b"])
        } throws: { "\($0)".contains("The field \"Body\" is not supported by Step Functions at /States/S/Parameters") }
        await #expect {
            try await host.task("aws-sdk:sqs:noSuchOperation", [:])
        } throws: { "\($0)".contains("is not recognized") && "\($0)".contains("at /States/S/Resource") }
    }

    @Test("a test case of the mock configuration answers in place of the services")
    func mocks() async throws {
        let file = FileManager.default.temporaryDirectory.path + "/mocks-\(RandomSource().hex(12)).json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let content: JSON = [
            "StateMachines": ["M": ["TestCases": ["Second": ["S": "Answer"]]]],
            "MockedResponses": [
                "Answer": [
                    "0": ["Throw": ["Error": "SQS.Busy", "Cause": "c"]], "1": ["Return": ["MessageId": "mocked"]],
                ]
            ],
        ]
        try Data(content.text().utf8).write(to: URL(fileURLWithPath: file))
        let host = try await IntegrationHost(environment: ["SFN_MOCK_CONFIG": file])
        try await host.task(
            "sqs:sendMessage", ["QueueUrl": "none", "MessageBody": "m"],
            ["Retry": [["ErrorEquals": ["SQS.Busy"], "IntervalSeconds": 1]]])
        let mocked = try await host.start(case: "#Second")
        await host.advance(byMs: 1_000)
        #expect(try await host.describe(mocked)["output"] == #"{"MessageId":"mocked"}"#)
        let real = try await host.start()
        #expect(try await host.describe(real)["error"] == "SQS.InvalidAddressException")
    }

    @Test("a mock configuration that cannot be read keeps Baton from starting")
    func noMocks() async throws {
        await #expect(throws: Mocks.Malformed.self) {
            try await IntegrationHost(environment: ["SFN_MOCK_CONFIG": "/none/such.json"])
        }
    }

    @Test("items come from S3, results go there")
    func mapRun() async throws {
        try await IntegrationHost.withFiles { host in
            try await host.host.call(
                "s3", "PutObject",
                ["Bucket": "bucket", "Key": "in.csv", "Body": .bytes(Array("id,n\na,1\nb,2\n".utf8))])
            try await host.machine([
                "StartAt": "Map",
                "States": [
                    "Map": [
                        "Type": "Map", "End": true,
                        "ItemReader": [
                            "Resource": "arn:aws:states:::s3:getObject",
                            "ReaderConfig": ["InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"],
                            "Parameters": ["Bucket": "bucket", "Key": "in.csv"],
                        ],
                        "ItemProcessor": [
                            "ProcessorConfig": ["Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"], "StartAt": "P",
                            "States": ["P": ["Type": "Pass", "End": true]],
                        ],
                        "ResultWriter": [
                            "Resource": "arn:aws:states:::s3:putObject",
                            "Parameters": ["Bucket": "bucket", "Prefix": "out"],
                            "WriterConfig": ["Transformation": "COMPACT", "OutputType": "JSON"],
                        ],
                    ]
                ],
            ])
            let execution = try await host.start()
            #expect(try await host.describe(execution)["status"] == "SUCCEEDED")
            let output = try JSON.parse(try await host.describe(execution)["output"]?.string ?? "null")
            let key = output["ResultWriterDetails"]?["Key"]?.string ?? ""
            #expect(key.hasPrefix("out/") && key.hasSuffix("/manifest.json"))
            let manifest = try JSON.parse(try await host.text(key))
            let file = manifest["ResultFiles"]?["SUCCEEDED"]?[0]?["Key"]?.string ?? ""
            #expect(
                try JSON.parse(try await host.text(file)) == [["id": "a", "n": "1"], ["id": "b", "n": "2"]])
        }
    }
}

extension IntegrationHost {
    func text(_ key: String) async throws -> String {
        let answer = try await host.call("s3", "GetObject", ["Bucket": "bucket", "Key": .string(key)])
        return String(decoding: answer["Body"]?.bytes ?? [], as: UTF8.self)
    }
}
