import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import Lambda

@Suite(.timeLimit(.minutes(1))) struct EventSourceMappingTests {
    private func map(_ bench: Bench, _ function: String, _ arn: String, _ more: JSON = [:]) async throws -> JSON {
        var input: JSON = ["FunctionName": .string(function), "EventSourceArn": .string(arn)]
        for (key, value) in more.object ?? [:] { input[key] = value }
        return try await bench.test.call("lambda", "CreateEventSourceMapping", input)
    }

    private func send(_ bench: Bench, _ url: JSON, _ bodies: [String]) async throws {
        let entries = bodies.enumerated().map { index, body -> JSON in
            ["Id": .string("\(index)"), "MessageBody": .string(body)]
        }
        try await bench.test.call("sqs", "SendMessageBatch", ["QueueUrl": url, "Entries": .array(entries)])
    }

    /// Gives way to the poller until the queue holds no more than `count`.
    private func settle(_ bench: Bench, _ url: JSON, _ count: Int = 0) async throws {
        while try await bench.count(url) > count { await Task.yield() }
    }

    @Test func messagesReachTheFunctionAndAreDeleted() async throws {
        try await Bench.run { bench in
            let queue = try await bench.queue("q")
            try await bench.python("f", "ring('-'.join(r['body'] for r in event['Records']))")
            let mapping = try await map(bench, "f", queue.arn)
            #expect(mapping["State"] == "Creating")
            try await send(bench, queue.url, ["a", "b", "c"])
            #expect(await bench.ring() == "/a-b-c")
            try await settle(bench, queue.url)
            let uuid = mapping["UUID"] ?? ""
            #expect(try await bench.test.call("lambda", "GetEventSourceMapping", ["UUID": uuid])["State"] == "Enabled")
            let deleted = try await bench.test.call("lambda", "DeleteEventSourceMapping", ["UUID": uuid])
            #expect(deleted["State"] == "Deleting")
            #expect(await bench.test.failure("lambda", "GetEventSourceMapping", ["UUID": uuid])?.status == 404)
        }
    }

    @Test func reportedFailuresComeAgain() async throws {
        try await Bench.run { bench in
            let queue = try await bench.queue("q", ["VisibilityTimeout": "10"])
            try await bench.python(
                "f",
                """
                ring("-".join(r["body"] for r in event["Records"]))
                return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if r["body"] == "b"
                    and r["attributes"]["ApproximateReceiveCount"] == "1"]}
                """)
            _ = try await map(bench, "f", queue.arn, ["FunctionResponseTypes": ["ReportBatchItemFailures"]])
            try await send(bench, queue.url, ["a", "b"])
            #expect(await bench.ring() == "/a-b")
            try await settle(bench, queue.url, 1)
            await bench.test.advance(byMs: 10_000)
            #expect(await bench.ring() == "/b")
            try await settle(bench, queue.url)
        }
    }

    @Test func filteredMessagesAreDeletedUnseen() async throws {
        try await Bench.run { bench in
            let queue = try await bench.queue("q")
            try await bench.python("f", "ring('-'.join(json.loads(r['body'])['n'] for r in event['Records']))")
            _ = try await map(
                bench, "f", queue.arn,
                ["FilterCriteria": ["Filters": [["Pattern": #"{"body":{"kind":["keep"]}}"#]]]])
            try await send(
                bench, queue.url,
                [#"{"kind":"drop","n":"1"}"#, #"{"kind":"keep","n":"2"}"#, #"{"kind":"drop","n":"3"}"#])
            #expect(await bench.ring() == "/2")
            try await settle(bench, queue.url)
        }
    }

    @Test func aWindowCollectsABatch() async throws {
        try await Bench.run { bench in
            let queue = try await bench.queue("q")
            try await bench.python("f", "ring(str(len(event['Records'])))")
            _ = try await map(bench, "f", queue.arn, ["BatchSize": 12, "MaximumBatchingWindowInSeconds": 30])
            try await send(bench, queue.url, (0..<8).map(String.init))
            try await send(bench, queue.url, (8..<12).map(String.init))
            #expect(await bench.ring() == "/12")
            try await settle(bench, queue.url)
        }
    }

    @Test func aDisabledMappingTakesNothing() async throws {
        try await Bench.run { bench in
            let queue = try await bench.queue("q")
            try await bench.python("f", "ring(event['Records'][0]['body'])")
            let mapping = try await map(bench, "f", queue.arn, ["Enabled": false])
            let uuid = mapping["UUID"] ?? ""
            #expect(try await bench.test.call("lambda", "GetEventSourceMapping", ["UUID": uuid])["State"] == "Disabled")
            try await send(bench, queue.url, ["later"])
            #expect(try await bench.count(queue.url) == 1)
            let updated = try await bench.test.call(
                "lambda", "UpdateEventSourceMapping", ["UUID": uuid, "Enabled": true])
            #expect(updated["State"] == "Enabling")
            #expect(await bench.ring() == "/later")
            try await settle(bench, queue.url)
        }
    }

    @Test func aFIFOQueueKeepsTheOrderOfItsGroups() async throws {
        try await Bench.run { bench in
            let queue = try await bench.queue("q.fifo", ["FifoQueue": "true", "ContentBasedDeduplication": "true"])
            try await bench.python(
                "f", "for r in event['Records']: ring(r['body'])")
            _ = try await map(bench, "f", queue.arn, ["BatchSize": 2])
            for number in 0..<6 {
                for group in ["x", "y"] {
                    try await bench.test.call(
                        "sqs", "SendMessage",
                        [
                            "QueueUrl": queue.url, "MessageBody": .string("\(group)\(number)"),
                            "MessageGroupId": .string(group),
                        ])
                }
            }
            var seen: [String] = []
            while seen.count < 12 { seen.append(String(await bench.ring().dropFirst())) }
            #expect(seen.filter { $0.hasPrefix("x") } == (0..<6).map { "x\($0)" })
            #expect(seen.filter { $0.hasPrefix("y") } == (0..<6).map { "y\($0)" })
            try await settle(bench, queue.url)
        }
    }

    @Test func whatCannotBeMappedIsRefused() async throws {
        try await Bench.run { bench in
            let queue = try await bench.queue("q", ["VisibilityTimeout": "10"])
            try await bench.python("f", "pass", ["Timeout": 5])
            try await bench.python("slow", "pass", ["Timeout": 11])
            _ = try await map(bench, "f", queue.arn)
            let cases: [(JSON, String, String)] = [
                (
                    ["FunctionName": "f", "EventSourceArn": .string(queue.arn)], "ResourceConflictException",
                    "already exists"
                ),
                (
                    ["FunctionName": "none", "EventSourceArn": .string(queue.arn)], "ResourceNotFoundException",
                    "Function not found"
                ),
                (
                    ["FunctionName": "slow", "EventSourceArn": .string(queue.arn)], "InvalidParameterValueException",
                    "Queue visibility timeout: 10 seconds is less than Function timeout: 11 seconds"
                ),
                (
                    ["FunctionName": "f", "EventSourceArn": "arn:aws:sqs:us-east-1:000000000000:none"],
                    "InvalidParameterValueException", "Error occurred while ReceiveMessage"
                ),
                (
                    ["FunctionName": "f", "EventSourceArn": .string(queue.arn), "BatchSize": 11],
                    "InvalidParameterValueException", "Maximum batch window"
                ),
                (
                    [
                        "FunctionName": "f", "EventSourceArn": .string(queue.arn),
                        "FilterCriteria": ["Filters": [["Pattern": "{"]]],
                    ], "InvalidParameterValueException", "Invalid filter pattern definition."
                ),
                (["FunctionName": "f"], "InvalidParameterValueException", "Unrecognized event source"),
            ]
            for (input, code, message) in cases {
                let error = await bench.test.failure("lambda", "CreateEventSourceMapping", input)
                #expect(error?.code == code)
                #expect(error?.message.contains(message) == true)
            }
        }
    }
}
