import JSON
import LambdaRuntime
import Logging
import Testing

@testable import JobDispatch

@Suite("Replies")
struct ReplyTests {
    private let publisher: Publisher
    private let reader: ReplyReader
    private var world: World { publisher.world }

    init() throws {
        publisher = try Publisher()
        reader = ReplyReader(
            settings: try Samples.settings, performer: publisher.world,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private func dispatch(_ id: String) async throws {
        _ = try await publisher.publish(job: "StartEtlProcess", id: id)
        world.advance(ms: 1000)
    }

    @discardableResult
    private func reply(_ body: String, id: String = "r", queue: String = "success") async throws -> JSON {
        let arn = "arn:aws:sqs:us-west-2:000000000000:edw-orch-metl-dev-99-\(queue)"
        let record: JSON = ["messageId": .string(id), "body": .string(body), "eventSourceARN": .string(arn)]
        return try await reader.handle(["Records": [record]], LambdaContext(Invocation(event: [], requestId: "r")))
    }

    private func sample(_ name: String) throws -> String {
        let sample = try #require(Samples.replies[name])
        return sample.string ?? sample.text()
    }

    private var completions: [JSON] {
        get throws { try world.inputs("Publish").map { try JSON.parse($0["Message"]?.string ?? "") } }
    }

    @Test("a success finishes its run and is published")
    func success() async throws {
        try await dispatch("run-1")
        #expect(try await reply(sample("success")) == ["batchItemFailures": []])
        let run = world.run("run-1")
        #expect(run["status"] == "SUCCEEDED")
        #expect(run["rowCount"] == 1250)
        #expect(run["finishedAt"] == 1_700_000_001_500)
        #expect(run["awaiting"] == nil)
        #expect(
            try completions == [
                [
                    "runId": "run-1", "jobId": "StartEtlProcess", "jobType": "MatillionQueue", "status": "SUCCEEDED",
                    "rowCount": 1250, "message": nil, "startTime": 1_644_853_553_609, "endTime": 1_644_853_638_091,
                ]
            ])
        #expect(world.inputs("Publish")[0]["MessageAttributes"]?["status"]?["StringValue"] == "SUCCEEDED")
        #expect(world.inputs("Publish")[0]["TopicArn"]?.string == Samples.topicArn)
    }

    @Test("the older of two runs is finished, by a reply in gzip", arguments: ["failure", "failureGzip"])
    func older(_ name: String) async throws {
        try await dispatch("run-1")
        try await dispatch("run-2")
        try await reply(sample(name), queue: "failure")
        #expect(world.run("run-1")["status"] == "FAILED")
        #expect(world.run("run-1")["message"] == "Load 0: relation does not exist")
        #expect(world.run("run-2")["status"] == "DISPATCHED")
        try await reply(sample("success"), id: "r2")
        #expect(world.run("run-2")["status"] == "SUCCEEDED")
    }

    @Test(
        "a reply that no run awaits is only published",
        arguments: [
            ("unmatched", "SUCCEEDED"), ("success", "SUCCEEDED"), ("minimal", "SUCCEEDED"),
        ])
    func unmatched(_ name: String, _ status: String) async throws {
        if name == "unmatched" { try await dispatch("run-1") }
        try await reply(sample(name))
        let completion = try #require(try completions.first)
        #expect(completion["runId"] == .null)
        #expect(completion["status"]?.string == status)
        if name == "unmatched" { #expect(world.run("run-1")["status"] == "DISPATCHED") }
    }

    @Test("a reply with nothing but its names")
    func minimal() async throws {
        try await dispatch("run-1")
        try await reply(sample("minimal"))
        #expect(world.run("run-1")["status"] == "SUCCEEDED")
        #expect(world.run("run-1")["rowCount"] == nil)
    }

    @Test(
        "states",
        arguments: [
            (#"{"state":"SUCCESS"}"#, "failure", "SUCCEEDED"), (#"{"state":"CANCELLED"}"#, "failure", "FAILED"),
            ("{}", "success", "SUCCEEDED"), ("{}", "failure", "FAILED"),
        ])
    func states(_ body: String, _ queue: String, _ status: String) async throws {
        try await reply(body, queue: queue)
        #expect(try completions.first?["status"]?.string == status)
    }

    @Test(
        "what is no reply goes to the dead-letter queue",
        arguments: [
            ("hello", "Reply is not a JSON object"), ("[]", "Reply is not a JSON object"),
            ("H4sI", "Reply is not a JSON object"),
            (#"{"state":"DREAMING"}"#, "Reply has the unknown state 'DREAMING'"),
        ])
    func unreadable(_ body: String, _ error: String) async throws {
        #expect(try await reply(body) == ["batchItemFailures": []])
        #expect(world.bodies(Samples.deadLetterQueueUrl) == [body])
        #expect(world.inputs("SendMessage")[0]["MessageAttributes"]?["error"]?["StringValue"]?.string == error)
    }

    @Test("a delivery that broke off goes on with the same run", arguments: ["Publish", "UpdateItem", "Query"])
    func repeated(_ operation: String) async throws {
        try await dispatch("run-1")
        try await dispatch("run-2")
        world.fail(operation, InvocationError("ThrottlingException", "slow down"))
        #expect(try await reply(sample("success")) == ["batchItemFailures": [["itemIdentifier": "r"]]])
        #expect(try await reply(sample("success")) == ["batchItemFailures": []])
        #expect(world.run("run-1")["status"] == "SUCCEEDED")
        #expect(world.run("run-1")["awaiting"] == nil)
        #expect(world.run("run-2")["status"] == "DISPATCHED")
        #expect(try completions.map { $0["runId"] } == ["run-1"])
    }

    @Test(
        "gzip that is cut, empty or no gzip at all",
        arguments: ["", "H4sIAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func gzip(_ text: String) throws {
        #expect(Gzip.decoded(try #require(Base64.decode(text))) == nil)
    }
}
