import AWSWire
import BatonTesting
import JSON
import Testing

@testable import Lambda

@Suite("Batches of streams") struct StreamBatchTests {
    private static func batch(_ ids: [String], failures: Int = 0) -> StreamBatch {
        StreamBatch(records: ids.map { ["dynamodb": ["SequenceNumber": .string($0)]] }, failures: failures)
    }

    private static func settings(bisects: Bool = false, retries: Int = -1) -> StreamSettings {
        var settings = StreamSettings()
        settings.bisects = bisects
        settings.maximumRetryAttempts = retries
        return settings
    }

    /// Settings, failures so far, the first record that failed, what comes next.
    static let cases: [(StreamSettings, Int, Int?, StreamBatch.Next)] = [
        (settings(), 0, nil, .done),
        (settings(), 0, 0, .again(batch(["1", "2", "3"], failures: 1))),
        (settings(), 7, 2, .again(batch(["3"], failures: 1))),
        (settings(retries: 0), 0, 0, .givenUp(batch(["1", "2", "3"], failures: 1))),
        (settings(retries: 2), 1, 0, .again(batch(["1", "2", "3"], failures: 2))),
        (settings(retries: 2), 2, 0, .givenUp(batch(["1", "2", "3"], failures: 3))),
        (settings(bisects: true), 1, 0, .halves(batch(["1"], failures: 1), batch(["2", "3"], failures: 1))),
        (settings(bisects: true), 1, 2, .again(batch(["3"], failures: 1))),
    ]

    @Test("go on after a failure", arguments: cases)
    func next(settings: StreamSettings, failures: Int, failed: Int?, next: StreamBatch.Next) {
        #expect(Self.batch(["1", "2", "3"], failures: failures).next(failed: failed, settings) == next)
    }

    /// An answer, the first record that is not done.
    static let answers: [(String, Int?)] = [
        ("", nil), ("{}", nil), ("null", nil), (#"{"batchItemFailures":[]}"#, nil),
        (#"{"batchItemFailures":[{"itemIdentifier":"3"},{"itemIdentifier":"2"}]}"#, 1),
        (#"{"batchItemFailures":[{"itemIdentifier":"9"}]}"#, 0), (#"{"batchItemFailures":[{}]}"#, 0),
        (#"{"batchItemFailures":1}"#, 0), ("broken", 0),
    ]

    @Test("understand reports of failures", arguments: answers)
    func failed(answer: String, first: Int?) {
        let result = InvocationResult(payload: Array(answer.utf8))
        #expect(Self.batch(["1", "2", "3"]).failed(result, reportsFailures: true) == first)
    }

    @Test func lanesKeepItemsTogether() {
        let records = (0..<20).map {
            JSON.object(["dynamodb": ["Keys": ["id": ["S": .string("\($0 % 5)")]], "n": .number($0)]])
        }
        let lanes = StreamBatch.lanes(records, 3)
        #expect(lanes.map(\.records.count).reduce(0, +) == 20)
        for key in 0..<5 {
            let holding = lanes.filter { lane in
                lane.records.contains { $0["dynamodb"]?["Keys"]?["id"]?["S"]?.string == "\(key)" }
            }
            #expect(holding.count == 1)
        }
    }
}

@Suite("Mappings on streams", .timeLimit(.minutes(1))) struct StreamMappingTests {
    private func table(_ bench: Bench) async throws -> JSON {
        let made = try await bench.test.call(
            "dynamodb", "CreateTable",
            [
                "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [["AttributeName": "id", "AttributeType": "S"]],
                "KeySchema": [["AttributeName": "id", "KeyType": "HASH"]],
                "StreamSpecification": ["StreamEnabled": true, "StreamViewType": "NEW_IMAGE"],
            ])
        return made["TableDescription"]?["LatestStreamArn"] ?? ""
    }

    private func put(_ bench: Bench, _ id: String) async throws {
        try await bench.test.call("dynamodb", "PutItem", ["TableName": "orders", "Item": ["id": ["S": .string(id)]]])
    }

    private func map(_ bench: Bench, _ stream: JSON, _ more: JSON = [:]) async throws -> JSON {
        var input: JSON = ["FunctionName": "f", "EventSourceArn": stream, "StartingPosition": "TRIM_HORIZON"]
        for (key, value) in more.object ?? [:] { input[key] = value }
        return try await bench.test.call("lambda", "CreateEventSourceMapping", input)
    }

    private static let names = "'-'.join(r['eventName'] + r['dynamodb']['Keys']['id']['S'] for r in event['Records'])"

    @Test func recordsReachTheFunction() async throws {
        try await Bench.run { bench in
            let stream = try await table(bench)
            try await bench.python("f", "ring(\(Self.names))")
            try await put(bench, "1")
            try await put(bench, "2")
            let mapping = try await map(bench, stream)
            #expect(mapping["BatchSize"] == 100)
            #expect(mapping["MaximumRetryAttempts"] == -1)
            #expect(await bench.ring() == "/INSERT1-INSERT2")
            try await put(bench, "3")
            #expect(await bench.ring() == "/INSERT3")
            let uuid = mapping["UUID"] ?? ""
            #expect(mapping["LastProcessingResult"] == "No records processed")
            #expect(
                try await bench.test.call("lambda", "GetEventSourceMapping", ["UUID": uuid])["LastProcessingResult"]
                    == "OK")
        }
    }

    @Test func filtersChooseRecords() async throws {
        try await Bench.run { bench in
            let stream = try await table(bench)
            try await bench.python("f", "ring(\(Self.names))")
            let pattern = #"{"dynamodb":{"Keys":{"id":{"S":[{"prefix":"a"}]}}}}"#
            _ = try await map(bench, stream, ["FilterCriteria": ["Filters": [["Pattern": .string(pattern)]]]])
            try await put(bench, "b")
            try await put(bench, "a1")
            #expect(await bench.ring() == "/INSERTa1")
        }
    }

    @Test func whatFailsTooOftenGoesToTheDestination() async throws {
        try await Bench.run { bench in
            let stream = try await table(bench)
            let queue = try await bench.queue("failed")
            try await bench.python("f", "ring(\(Self.names))\nraise ValueError('no')")
            try await put(bench, "1")
            _ = try await map(
                bench, stream,
                ["MaximumRetryAttempts": 0, "DestinationConfig": ["OnFailure": ["Destination": .string(queue.arn)]]])
            #expect(await bench.ring() == "/INSERT1")
            while try await bench.count(queue.url) == 0 { await Task.yield() }
            let message = try JSON.parse(try await bench.messages(queue.url)[0]["Body"]?.string ?? "")
            #expect(message["requestContext"]?["condition"] == "RetryAttemptsExhausted")
            #expect(message["DDBStreamBatchInfo"]?["batchSize"] == 1)
            #expect(message["DDBStreamBatchInfo"]?["streamArn"] == stream)
            // The next record is not held up.
            try await put(bench, "2")
            #expect(await bench.ring() == "/INSERT2")
        }
    }

    /// What is given besides the rest, the message of the refusal.
    static let refusals: [(JSON, String)] = [
        (["TumblingWindowInSeconds": 10], "Baton has no tumbling windows: TumblingWindowInSeconds must be 0."),
        (["StartingPosition": "AT_TIMESTAMP"], "Unsupported starting position for arn type: AT_TIMESTAMP"),
        (["MaximumRecordAgeInSeconds": 5], "MaximumRecordAgeInSeconds must be -1 or between 60 and 604800."),
        (["BatchSize": 5000], "Batch size for DynamoDB must be between 1 and 1000"),
    ]

    @Test(arguments: refusals)
    func refused(more: JSON, message: String) async throws {
        try await Bench.run { bench in
            let stream = try await table(bench)
            try await bench.python("f", "pass")
            var input: JSON = ["FunctionName": "f", "EventSourceArn": stream, "StartingPosition": "LATEST"]
            for (key, value) in more.object ?? [:] { input[key] = value }
            #expect(await bench.test.failure("lambda", "CreateEventSourceMapping", input)?.message == message)
        }
    }
}
