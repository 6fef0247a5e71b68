import AWSClient
import JSON
import LambdaRuntime
import Logging
import Testing

@testable import JobDispatch

/// Publishes messages to a broker whose world is in memory.
struct Publisher {
    let world = World()
    let broker: Broker

    init(_ settings: Settings? = nil) throws {
        broker = Broker(
            settings: try settings ?? Samples.settings, performer: world,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// What the broker returns for the first record.
    @discardableResult
    func publish(_ messages: String..., id: String = "id-1") async throws -> JSON {
        let records = messages.enumerated().map { index, message -> JSON in
            ["Sns": ["Message": .string(message), "MessageId": .string(index == 0 ? id : "\(id)-\(index)")]]
        }
        let context = LambdaContext(Invocation(event: [], requestId: "r"))
        return try await broker.handle(["Records": .array(records)], context)[0] ?? .null
    }

    func publish(job: String, id: String = "id-1") async throws -> JSON {
        try await publish(#"{"jobId":"\#(job)"}"#, id: id)
    }
}

@Suite("Broker")
struct BrokerTests {
    @Test("sample messages end as they say", arguments: Samples.read("messages.json").array ?? [])
    func messages(_ sample: JSON) async throws {
        let publisher = try Publisher()
        let message = try #require(sample["message"]?.string)
        let result = try await publisher.publish(message)
        #expect(result["status"] == sample["expect"])
        #expect(publisher.world.run("id-1")["status"] == sample["expect"])
        if let error = sample["error"] { #expect(result["error"] == error) }
        if sample["expect"] == "DISPATCHED" {
            let body = try JSON.parse(try #require(publisher.world.bodies(Samples.queueUrl).first))
            if let variables = sample["variables"]?.object {
                #expect(body["variables"] == .object(variables.setting("lambdaId", 1_700_000_000)))
            }
            #expect(["Step1", "Step2"].contains(body["job"]))
        } else {
            #expect(publisher.world.bodies(Samples.deadLetterQueueUrl) == [message])
            let attributes = publisher.world.inputs("SendMessage")[0]["MessageAttributes"]
            #expect(attributes?["error"]?["StringValue"] == result["error"])
        }
    }

    @Test("bodies", arguments: ["StartEtlProcess", "StartEtlProcess2", "NoVariables", "ExtraKeys", "TypedVariables"])
    func bodies(_ job: String) async throws {
        let publisher = try Publisher()
        let result = try await publisher.publish(job: job)
        var expected = try #require(Samples.bodies[job])
        if expected["variables"] != nil { expected["variables"]?["lambdaId"] = 1_700_000_000 }
        let input = try #require(publisher.world.inputs("SendMessage").first)
        #expect(try JSON.parse(try #require(input["MessageBody"]?.string)) == expected)
        #expect(input["QueueUrl"]?.string == Samples.queueUrl)
        #expect(input["MessageGroupId"] == "edw-ingest-kickoff")
        #expect(input["MessageDeduplicationId"] == "id-1")
        #expect(result["targetId"] != .null)
    }

    @Test("MatillionJob is a synonym")
    func synonym() async throws {
        let publisher = try Publisher()
        var row = DynamoItem.plain(item: try #require(Samples.rows["NoVariables"]))
        row["jobType"] = "MatillionJob"
        publisher.world.put(row: row, id: "Old")
        #expect(try await publisher.publish(job: "Old")["status"] == "DISPATCHED")
    }

    @Test(
        "configurations that can never work",
        arguments: [
            (#"{}"#, "Invalid configuration: jobType"),
            (#"{"jobType":"Cobol"}"#, "Job type 'Cobol' not supported"),
            (#"{"jobType":"MatillionQueue"}"#, "Invalid configuration: config"),
            (#"{"jobType":"MatillionQueue","config":{}}"#, "Invalid configuration: config.queueUrl"),
            (#"{"jobType":"MatillionQueue","config":{"queueUrl":7}}"#, "Invalid configuration: config.queueUrl"),
            (
                #"{"jobType":"MatillionQueue","config":{"queueUrl":"q"}}"#,
                "Invalid configuration: config.sqsMessageGroupId"
            ),
            (
                #"{"jobType":"MatillionQueue","config":{"queueUrl":"q","sqsMessageGroupId":"g"}}"#,
                "Invalid configuration: config.matillionSqsMessage"
            ),
            (
                #"{"jobType":"MatillionQueue","config":{"queueUrl":"q","sqsMessageGroupId":"g","matillionSqsMessage":{}}}"#,
                "Invalid configuration: config.matillionSqsMessage.group"
            ),
            (#"{"jobType":"Lambda","config":{}}"#, "Invalid configuration: config.functionName"),
            (
                #"{"jobType":"Lambda","config":{"functionName":"f","invocationType":"DryRun"}}"#,
                "Invalid configuration: config.invocationType"
            ),
            (#"{"jobType":"StepFunctions","config":{}}"#, "Invalid configuration: config.stateMachineArn"),
            (#"{"jobType":"Batch","config":{"jobName":"n"}}"#, "Invalid configuration: config.jobQueue"),
            (
                #"{"jobType":"Batch","config":{"jobName":"n","jobQueue":"q","jobDefinition":"d","parameters":{"a":1}}}"#,
                "Invalid configuration: config.parameters"
            ),
            (#"{"jobType":"Glue","config":{}}"#, "Invalid configuration: config.jobName"),
            (#"{"jobType":"EMR","config":{"clusterId":"j"}}"#, "Invalid configuration: config.steps"),
            (#"{"jobType":"ECS","config":{"cluster":"c"}}"#, "Invalid configuration: config.taskDefinition"),
            (#"{"jobType":"SQS","config":{"queueUrl":"q"}}"#, "Invalid configuration: config.body"),
            (#"{"jobType":"SNS","config":{"message":"m"}}"#, "Invalid configuration: config.topicArn"),
            (
                #"{"jobType":"EventBridge","config":{"source":"s","detail":{}}}"#,
                "Invalid configuration: config.detailType"
            ),
            (#"{"jobType":"HTTP","config":{"url":"ftp://x"}}"#, "Invalid configuration: config.url"),
            (
                #"{"jobType":"HTTP","config":{"url":"http://x","timeoutSeconds":0}}"#,
                "Invalid configuration: config.timeoutSeconds"
            ),
            (
                #"{"jobType":"HTTP","config":{"url":"http://x","expectedStatus":"ok"}}"#,
                "Invalid configuration: config.expectedStatus"
            ),
        ])
    func invalid(_ row: String, _ error: String) async throws {
        let publisher = try Publisher()
        publisher.world.put(row: try JSON.parse(row), id: "J")
        let result = try await publisher.publish(job: "J")
        #expect(result["status"] == "REJECTED")
        #expect(result["error"]?.string == error)
        #expect(publisher.world.bodies(Samples.deadLetterQueueUrl).count == 1)
    }

    @Test("each record of an event is a run")
    func records() async throws {
        let publisher = try Publisher()
        try await publisher.publish(#"{"jobId":"NoVariables"}"#, #"{"jobId":"Nope"}"#, #"{"jobId":"NoVariables"}"#)
        #expect(publisher.world.bodies(Samples.queueUrl).count == 2)
        #expect(publisher.world.bodies(Samples.deadLetterQueueUrl).count == 1)
    }

    @Test("a table with a number as key")
    func numberKey() async throws {
        var settings = try Samples.settings
        settings.primaryKey = "jobKey"
        settings.primaryKeyType = "N"
        let publisher = try Publisher(settings)
        publisher.world.put(row: DynamoItem.plain(item: try #require(Samples.rows["NoVariables"])), id: "7")
        #expect(try await publisher.publish(#"{"jobKey":7}"#)["status"] == "DISPATCHED")
        #expect(try await publisher.publish(#"{"jobKey":"7"}"#, id: "id-2")["status"] == "REJECTED")
        #expect(try await publisher.publish(#"{"jobId":7}"#, id: "id-3")["error"] == "Message lacks the key 'jobKey'")
    }

    @Test("without a run table everything but the runs is the same")
    func untracked() async throws {
        let publisher = try Publisher(Settings(["TABLE_NAME": Samples.table]))
        #expect(try await publisher.publish(job: "StartEtlProcess")["status"] == "DISPATCHED")
        #expect(try await publisher.publish(job: "Nope")["status"] == "REJECTED")
        #expect(publisher.world.sent.count == 1)
        #expect(publisher.world.inputs("PutItem").isEmpty)
    }
}

@Suite("Runs")
struct RunTests {
    private static let gone = InvocationError("QueueDoesNotExist", "no such queue")

    @Test("one event delivered twice is one run")
    func repeated() async throws {
        let publisher = try Publisher()
        let first = try await publisher.publish(job: "StartEtlProcess")
        publisher.world.advance(ms: 5000)
        #expect(try await publisher.publish(job: "StartEtlProcess") == first)
        #expect(publisher.world.bodies(Samples.queueUrl).count == 1)
        #expect(publisher.world.run("id-1")["dispatchedAt"] == 1_700_000_000_500)
    }

    @Test("a rejected event delivered twice is one dead letter")
    func repeatedRejection() async throws {
        let publisher = try Publisher()
        let first = try await publisher.publish("not json")
        #expect(try await publisher.publish("not json") == first)
        #expect(publisher.world.bodies(Samples.deadLetterQueueUrl).count == 1)
        #expect(publisher.world.run("id-1")["jobId"] == nil)
    }

    @Test("an attempt that broke off is made again, the last one fails the run")
    func attempts() async throws {
        let publisher = try Publisher()
        publisher.world.fail("SendMessage", Self.gone, Self.gone, Self.gone)
        for status in ["DISPATCHING", "DISPATCHING", "FAILED"] {
            await #expect(throws: Self.gone) { try await publisher.publish(job: "QueueGone") }
            #expect(publisher.world.run("id-1")["status"]?.string == status)
        }
        #expect(publisher.world.run("id-1")["error"] == "QueueDoesNotExist: no such queue")
        #expect(try await publisher.publish(job: "QueueGone")["status"] == "FAILED")
        #expect(publisher.world.sent.isEmpty)
    }

    @Test("the second attempt succeeds")
    func secondAttempt() async throws {
        let publisher = try Publisher()
        publisher.world.fail("SendMessage", Self.gone)
        await #expect(throws: Self.gone) { try await publisher.publish(job: "StartEtlProcess") }
        #expect(try await publisher.publish(job: "StartEtlProcess")["status"] == "DISPATCHED")
        #expect(publisher.world.run("id-1")["attempts"] == 2)
    }

    @Test("what fails on our side is tried again", arguments: ["GetItem", "PutItem", "UpdateItem"])
    func own(_ operation: String) async throws {
        let publisher = try Publisher()
        let error = InvocationError("ThrottlingException", "slow down")
        publisher.world.fail(operation, error)
        await #expect(throws: error) { try await publisher.publish(job: "StartEtlProcess") }
        #expect(try await publisher.publish(job: "StartEtlProcess")["status"] == "DISPATCHED")
    }

    @Test("one failing record does not keep the others from their jobs")
    func others() async throws {
        let publisher = try Publisher()
        publisher.world.fail("SendMessage", Self.gone)
        await #expect(throws: Self.gone) {
            try await publisher.publish(#"{"jobId":"QueueGone"}"#, #"{"jobId":"StartEtlProcess"}"#)
        }
        #expect(publisher.world.bodies(Samples.queueUrl).count == 1)
    }

    @Test("the record of a run")
    func record() async throws {
        let publisher = try Publisher()
        let result = try await publisher.publish(job: "StartEtlProcess")
        #expect(
            publisher.world.run("id-1") == [
                "runId": "id-1", "jobId": "StartEtlProcess", "jobType": "MatillionQueue", "status": "DISPATCHED",
                "dispatchedAt": 1_700_000_000_500, "attempts": 1, "targetId": result["targetId"] ?? .null,
                "awaiting": #"["Test","demo","default","edws","Step1"]"#,
            ])
    }
}
