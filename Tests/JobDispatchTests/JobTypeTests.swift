import AWSClient
import JSON
import LambdaRuntime
import Testing

@testable import JobDispatch

@Suite("Job types")
struct JobTypeTests {
    private static let name = "RunStateMachine-id-1"

    @Test(
        "sample jobs become calls",
        arguments: [
            (
                "RunLambda",
                Call.aws(
                    "lambda", "Invoke",
                    [
                        "FunctionName": "edw-sample-worker", "InvocationType": "Event",
                        "Payload": .bytes(Array(#"{"hello":"world"}"#.utf8)),
                    ])
            ),
            (
                "RunStateMachine",
                .aws(
                    "stepfunctions", "StartExecution",
                    [
                        "stateMachineArn": "arn:aws:states:us-west-2:000000000000:stateMachine:edw-sample",
                        "name": .string(name),
                        "input": #"{"n":1}"#,
                    ])
            ),
            (
                "RunBatch",
                .aws(
                    "batch", "SubmitJob",
                    [
                        "jobName": "edw-sample", "jobQueue": "edw-queue", "jobDefinition": "edw-definition:1",
                        "parameters": ["seconds": "1"],
                    ])
            ),
            (
                "RunGlue",
                .aws(
                    "glue", "StartJobRun",
                    [
                        "JobName": "edw-glue", "Arguments": ["--source": "orders"], "WorkerType": "G.1X",
                        "NumberOfWorkers": 2,
                    ])
            ),
            (
                "RunEmr",
                .aws(
                    "emr", "AddJobFlowSteps",
                    [
                        "JobFlowId": "j-0000000000000",
                        "Steps": [
                            [
                                "Name": "s1", "ActionOnFailure": "CONTINUE",
                                "HadoopJarStep": ["Jar": "command-runner.jar", "Args": ["true"]],
                            ]
                        ],
                    ])
            ),
            (
                "RunEcs",
                .aws(
                    "ecs", "RunTask",
                    [
                        "cluster": "edw", "taskDefinition": "edw-task:1", "launchType": "FARGATE",
                        "clientToken": "id-1",
                    ])
            ),
            (
                "RunHttp",
                .http(
                    HTTPCall(
                        url: "http://127.0.0.1:18080/hook", method: "POST",
                        headers: ["x-token": "t", "Content-Type": "application/json", "Idempotency-Key": "id-1"],
                        body: Array(#"{"a":1}"#.utf8), timeoutSeconds: 5))
            ),
        ])
    func samples(_ job: String, _ call: Call) async throws {
        let publisher = try Publisher()
        for operation in ["Invoke", "StartExecution", "SubmitJob", "StartJobRun", "AddJobFlowSteps", "RunTask"] {
            publisher.world.answer(operation, Answer(output: Self.answers, requestId: "request"))
        }
        let result = try await publisher.publish(job: job)
        #expect(publisher.world.sent == [call])
        #expect(result["status"] == "DISPATCHED")
        #expect(publisher.world.run("id-1")["awaiting"] == nil)
    }

    private static let answers: JSON = [
        "executionArn": "arn:execution", "jobId": "job", "JobRunId": "jr", "StepIds": ["s-1", "s-2"], "failures": [],
        "tasks": [["taskArn": "arn:task"]], "MessageId": "m", "Entries": [["EventId": "e"]],
    ]

    @Test(
        "other jobs become calls",
        arguments: [
            (
                #"{"jobType":"SQS","config":{"queueUrl":"q","body":{"a":[1]}}}"#,
                Call.aws("sqs", "SendMessage", ["QueueUrl": "q", "MessageBody": #"{"a":[1]}"#])
            ),
            (
                #"{"jobType":"SQS","config":{"queueUrl":"q.fifo","body":"x","messageGroupId":"g"}}"#,
                .aws(
                    "sqs", "SendMessage",
                    [
                        "QueueUrl": "q.fifo", "MessageBody": "x", "MessageGroupId": "g",
                        "MessageDeduplicationId": "id-1",
                    ])
            ),
            (
                #"{"jobType":"SNS","config":{"topicArn":"t","message":"x"}}"#,
                .aws("sns", "Publish", ["TopicArn": "t", "Message": "x"])
            ),
            (
                #"{"jobType":"EventBridge","config":{"busName":"b","source":"s","detailType":"d","detail":{"a":1}}}"#,
                .aws(
                    "events", "PutEvents",
                    [
                        "Entries": [
                            [
                                "Source": "s", "DetailType": "d", "Detail": #"{"a":1}"#, "EventBusName": "b",
                            ]
                        ]
                    ])
            ),
            (
                #"{"jobType":"Lambda","config":{"functionName":"f","invocationType":"RequestResponse"}}"#,
                .aws(
                    "lambda", "Invoke",
                    ["FunctionName": "f", "InvocationType": "RequestResponse", "Payload": .bytes(Array("{}".utf8))])
            ),
            (
                #"{"jobType":"Batch","config":{"jobName":"n","jobQueue":"q","jobDefinition":"d","containerOverrides":{"vcpus":2}}}"#,
                .aws(
                    "batch", "SubmitJob",
                    ["jobName": "n", "jobQueue": "q", "jobDefinition": "d", "containerOverrides": ["vcpus": 2]])
            ),
            (
                #"{"jobType":"HTTP","config":{"url":"https://h/p?q=1","method":"PUT","body":"text","headers":{"idempotency-key":"own"}}}"#,
                .http(
                    HTTPCall(
                        url: "https://h/p?q=1", method: "PUT", headers: ["idempotency-key": "own"],
                        body: Array("text".utf8)))
            ),
        ])
    func others(_ row: String, _ call: Call) async throws {
        let publisher = try Publisher()
        publisher.world.put(row: try JSON.parse(row), id: "J")
        for operation in ["PutEvents", "SubmitJob"] { publisher.world.answer(operation, Answer(output: Self.answers)) }
        #expect(try await publisher.publish(job: "J")["status"] == "DISPATCHED")
        #expect(publisher.world.sent == [call])
    }

    private static let reader = { () -> ConfigReader? in try? ConfigReader(row: ["config": [:]]) }()
    private static let run = Run(runId: "id-1", jobId: "J", nowMs: 0)

    @Test(
        "the id of what was started",
        arguments: [
            (JobType.matillionQueue, "m"), (.lambda, "request"), (.stepFunctions, "arn:execution"), (.batch, "job"),
            (.glue, "jr"), (.emr, "s-1,s-2"), (.ecs, "arn:task"), (.sqs, "m"), (.sns, "m"), (.eventBridge, "e"),
            (.http, "request"),
        ])
    func targetIds(_ type: JobType, _ id: String) throws {
        let reader = try #require(Self.reader)
        #expect(try type.targetId(of: Answer(output: Self.answers, requestId: "request"), reader, Self.run) == id)
    }

    @Test("answers that start nothing", arguments: nothingStarted)
    func failures(_ type: JobType, _ output: JSON, _ status: Int, _ error: String) throws {
        let reader = try #require(Self.reader)
        let thrown = #expect(throws: InvocationError.self) {
            try type.targetId(of: Answer(output: output, status: status), reader, Self.run)
        }
        #expect(thrown?.description == error)
    }

    private static let nothingStarted: [(JobType, JSON, Int, String)] = [
        (
            JobType.lambda, JSON.object(["FunctionError": "Unhandled", "Payload": .bytes(Array("oops".utf8))]), 200,
            "FunctionError: Unhandled: oops"
        ),
        (JobType.ecs, ["failures": [["reason": "RESOURCE:CPU"]]], 200, "RunTaskFailure: RESOURCE:CPU"),
        (
            .eventBridge, ["Entries": [["ErrorCode": "ThrottlingException", "ErrorMessage": "slow"]]], 200,
            "ThrottlingException: slow"
        ),
        (.http, [:], 302, "UnexpectedStatus: The target answered with status 302"),
        (.batch, [:], 200, "UnexpectedAnswer: The target's answer has no id"),
        (.emr, ["StepIds": []], 200, "UnexpectedAnswer: The target's answer has no id"),
    ]

    @Test(
        "expected statuses",
        arguments: [
            ("{}", 200...299), (#"{"expectedStatus":404}"#, 404...404), (#"{"expectedStatus":"200-204"}"#, 200...204),
            (#"{"expectedStatus":"200–299"}"#, 200...299),
        ])
    func statuses(_ config: String, _ expected: ClosedRange<Int>) throws {
        let reader = try ConfigReader(row: ["config": JSON.parse(config)])
        #expect(try JobType.expectedStatus(reader) == expected)
    }

    @Test("an execution that exists already is this run's")
    func executionExists() async throws {
        let publisher = try Publisher()
        publisher.world.fail("StartExecution", InvocationError("ExecutionAlreadyExists", "Execution Already Exists"))
        let result = try await publisher.publish(job: "RunStateMachine")
        #expect(result["status"] == "DISPATCHED")
        #expect(result["targetId"]?.string == "arn:aws:states:us-west-2:000000000000:execution:edw-sample:\(Self.name)")
    }

    @Test(
        "names of executions",
        arguments: [
            ("J", "J-id-1"), ("a b/ü", "a_b__-id-1"),
            (String(repeating: "x", count: 100), String(repeating: "x", count: 75) + "-id-1"),
        ])
    func names(_ job: String, _ name: String) {
        #expect(JobType.executionName(Run(runId: "id-1", jobId: job, nowMs: 0)) == name)
    }

    @Test(
        "parts of a URL",
        arguments: [
            ("http://h:1/p/q?a=b?c", "http://h:1", "/p/q", "a=b?c"), ("https://h", "https://h", "/", ""),
            ("https://h?x=1", "https://h", "/", "x=1"), ("http://h/p#f", "http://h", "/p", ""),
            ("http://", "http://", "/", ""),
        ])
    func urls(_ url: String, _ origin: String, _ path: String, _ query: String) {
        let parts = Performer.parts(of: url)
        #expect(parts.origin == origin)
        #expect(parts.path == path)
        #expect(parts.query == query)
    }

    @Test(
        "DynamoDB values",
        arguments: [
            (#"{"N":"42"}"#, "42"), (#"{"N":"1.50"}"#, "1.50"),
            (#"{"N":"123456789012345678901234567890"}"#, "123456789012345678901234567890"),
            (#"{"S":"Zürich"}"#, #""Zürich""#), (#"{"BOOL":false}"#, "false"), (#"{"NULL":true}"#, "null"),
            (#"{"SS":["x","y"]}"#, #"["x","y"]"#), (#"{"NS":["1","2.5"]}"#, "[1,2.5]"), (#"{"B":"AQI="}"#, #""AQI=""#),
            (#"{"BS":["AQI="]}"#, #"["AQI="]"#), (#"{"L":[{"N":"1"},{"M":{"k":{"S":"v"}}}]}"#, #"[1,{"k":"v"}]"#),
            ("{}", "null"),
        ])
    func values(_ typed: String, _ plain: String) throws {
        #expect(DynamoItem.plain(try JSON.parse(typed)).text() == plain)
    }
}
