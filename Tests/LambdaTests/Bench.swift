import AWSWire
import Archive
import BatonCore
import BatonHTTP
import BatonTesting
import CloudWatchLogs
import DynamoDB
import JSON
import S3
import SNS
import SQS
import Synchronization

@testable import Lambda

/// Lambda with the services around it, and a bell that functions can ring: tests wait for it instead of for time.
final class Bench: Sendable {
    let test: TestHost
    let lambda = Lambda()
    /// A URL; each request to it is one ring, its path the message.
    let bell: String
    private let rings: AsyncStream<String>
    private let listener: any HTTPListener

    private init() async throws {
        test = try await TestHost(
            [S3(), SQS(), DynamoDB(), DynamoDBStreams(), CloudWatchLogs(), lambda, SNS()],
            listening: LoopbackListening())
        let (rings, continuation) = AsyncStream.makeStream(of: String.self)
        self.rings = rings
        listener = try await LoopbackListening().listen { request in
            continuation.yield(request.path)
            return HTTPResponse()
        }
        bell = "http://127.0.0.1:\(listener.port)"
    }

    static func run(_ body: (Bench) async throws -> Void) async throws {
        let bench = try await Bench()
        do {
            try await body(bench)
        } catch {
            await bench.stop()
            throw error
        }
        await bench.stop()
    }

    private func stop() async {
        await test.host.stop()
        await listener.close()
    }

    /// Waits until a function has rung and returns the path.
    @discardableResult
    func ring() async -> String {
        for await path in rings { return path }
        return ""
    }

    // MARK: Functions

    static func zip(_ files: [String: String]) throws -> JSON {
        var writer = ZipWriter()
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            try writer.add(path, Array(text.utf8), isExecutable: path == "bootstrap")
        }
        return .bytes(writer.finish())
    }

    @discardableResult
    func create(
        _ name: String, runtime: String = "python3.11", handler: String = "app.handler", _ files: [String: String],
        _ more: JSON = [:]
    ) async throws -> JSON {
        var input: JSON = [
            "FunctionName": .string(name), "Runtime": .string(runtime), "Handler": .string(handler),
            "Role": "arn:aws:iam::000000000000:role/r", "Code": ["ZipFile": try Self.zip(files)],
        ]
        for (key, value) in more.object ?? [:] { input[key] = value }
        var variables = input["Environment"]?["Variables"] ?? [:]
        variables["BELL"] = .string(bell)
        input["Environment"] = ["Variables": variables]
        return try await test.call("lambda", "CreateFunction", input)
    }

    /// A Python function whose handler has this body.
    @discardableResult
    func python(_ name: String, _ body: String, before: String = "", _ more: JSON = [:]) async throws -> JSON {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
        let code = """
            import json, os, sys, time, urllib.request
            def ring(text="ring"):
                urllib.request.urlopen(os.environ["BELL"] + "/" + text).read()
            \(before)
            def handler(event, context):
            \(lines.joined(separator: "\n"))
            """
        return try await create(name, ["app.py": code], more)
    }

    struct Answer: Sendable {
        let payload: JSON
        let error: String?
        let log: String
        let version: String?
    }

    func invoke(_ name: String, _ payload: JSON = [:], qualifier: String? = nil) async throws -> Answer {
        var input: JSON = [
            "FunctionName": .string(name), "Payload": .bytes(payload.serialized()), "LogType": "Tail",
        ]
        if let qualifier { input["Qualifier"] = .string(qualifier) }
        let output = try await test.call("lambda", "Invoke", input)
        let log = output["LogResult"]?.string.flatMap(Base64.decode) ?? []
        return Answer(
            payload: try JSON.parse(output["Payload"]?.bytes ?? []), error: output["FunctionError"]?.string,
            log: String(decoding: log, as: UTF8.self), version: output["ExecutedVersion"]?.string)
    }

    func invokeEvent(_ name: String, _ payload: JSON = [:]) async throws {
        let output = try await test.call(
            "lambda", "Invoke",
            ["FunctionName": .string(name), "InvocationType": "Event", "Payload": .bytes(payload.serialized())])
        guard output["StatusCode"]?.int == 202 else { throw AWSError("Unexpected", output.text()) }
    }

    // MARK: Queues

    func queue(_ name: String, _ attributes: JSON = [:]) async throws -> (url: JSON, arn: String) {
        let output = try await test.call("sqs", "CreateQueue", ["QueueName": .string(name), "Attributes": attributes])
        return (output["QueueUrl"] ?? "", "arn:aws:sqs:us-east-1:000000000000:\(name)")
    }

    func messages(_ url: JSON) async throws -> [JSON] {
        let output = try await test.call(
            "sqs", "ReceiveMessage",
            [
                "QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"], "AttributeNames": ["All"],
            ])
        return output["Messages"]?.array ?? []
    }

    /// Visible and hidden messages together.
    func count(_ url: JSON) async throws -> Int {
        let output = try await test.call("sqs", "GetQueueAttributes", ["QueueUrl": url, "AttributeNames": ["All"]])
        return ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"].reduce(0) {
            $0 + (output["Attributes"]?[$1]?.string.flatMap(Int.init) ?? 0)
        }
    }
}
