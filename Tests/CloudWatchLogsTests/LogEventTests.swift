import AWSWire
import BatonCore
import BatonTesting
import JSON
import Testing

@testable import CloudWatchLogs

@Suite struct LogEventTests {
    private let now: Int64 = 1_767_225_600_000

    private func withStream(_ names: [String] = ["s"], _ body: (TestHost) async throws -> Void) async throws {
        let test = try await TestHost([CloudWatchLogs()])
        try await test.call("logs", "CreateLogGroup", ["logGroupName": "/g"])
        for name in names {
            try await test.call("logs", "CreateLogStream", ["logGroupName": "/g", "logStreamName": .string(name)])
        }
        try await body(test)
        await test.host.stop()
    }

    /// Events at `now` plus their offsets.
    private func put(_ test: TestHost, _ events: [(Int64, String)], to stream: String = "s") async throws -> JSON {
        try await test.call("logs", "PutLogEvents", batch(stream, events))
    }

    private func batch(_ stream: String, _ events: [(Int64, String)]) -> JSON {
        [
            "logGroupName": "/g", "logStreamName": .string(stream),
            "logEvents": .array(
                events.map { ["timestamp": .number(Int(now + $0.0)), "message": .string($0.1)] }),
        ]
    }

    private func messages(_ output: JSON) -> [String] {
        output["events"]?.array?.compactMap { $0["message"]?.string } ?? []
    }

    @Test func eventsComeBackInTheOrderOfTime() async throws {
        try await withStream { test in
            _ = try await put(test, [(5, "c"), (5, "d"), (9, "e")])
            _ = try await put(test, [(1, "a"), (2, "b")])
            let output = try await test.call(
                "logs", "GetLogEvents", ["logGroupName": "/g", "logStreamName": "s", "startFromHead": true])
            #expect(messages(output) == ["a", "b", "c", "d", "e"])
            #expect(output["events"]?[0]?["timestamp"]?.int == Int(now + 1))
            #expect(output["events"]?[0]?["ingestionTime"]?.int == Int(now))
        }
    }

    @Test func tokensLeadForwardAndBackward() async throws {
        try await withStream { test in
            _ = try await put(test, (0..<7).map { (Int64($0), "\($0)") })
            func get(_ token: JSON?, _ head: Bool = false) async throws -> JSON {
                var input: JSON = ["logGroupName": "/g", "logStreamName": "s", "limit": 3]
                if let token { input["nextToken"] = token } else { input["startFromHead"] = .bool(head) }
                return try await test.call("logs", "GetLogEvents", input)
            }
            let newest = try await get(nil)
            #expect(messages(newest) == ["4", "5", "6"])
            let older = try await get(newest["nextBackwardToken"])
            #expect(messages(older) == ["1", "2", "3"])
            let oldest = try await get(older["nextBackwardToken"])
            #expect(messages(oldest) == ["0"])
            let before = try await get(oldest["nextBackwardToken"])
            #expect(messages(before) == [])
            #expect(before["nextBackwardToken"] == oldest["nextBackwardToken"])
            #expect(messages(try await get(before["nextForwardToken"])) == ["1", "2", "3"])

            let first = try await get(nil, true)
            let second = try await get(first["nextForwardToken"])
            let third = try await get(second["nextForwardToken"])
            #expect([first, second, third].map(messages) == [["0", "1", "2"], ["3", "4", "5"], ["6"]])
            let end = try await get(third["nextForwardToken"])
            #expect(messages(end) == [])
            #expect(end["nextForwardToken"] == third["nextForwardToken"])
            _ = try await put(test, [(100, "new")])
            #expect(messages(try await get(end["nextForwardToken"])) == ["new"])
        }
    }

    @Test func anEmptyStreamHasTokensThatLeadToWhatComes() async throws {
        try await withStream { test in
            let empty = try await test.call("logs", "GetLogEvents", ["logGroupName": "/g", "logStreamName": "s"])
            _ = try await put(test, [(0, "first")])
            let next = try await test.call(
                "logs", "GetLogEvents",
                ["logGroupName": "/g", "logStreamName": "s", "nextToken": empty["nextForwardToken"] ?? ""])
            #expect(messages(next) == ["first"])
        }
    }

    @Test func timesBoundWhatIsRead() async throws {
        try await withStream { test in
            _ = try await put(test, [(1, "a"), (2, "b"), (3, "c")])
            let range: JSON = ["startTime": .number(Int(now + 1)), "endTime": .number(Int(now + 3))]
            var get: JSON = ["logGroupName": "/g", "logStreamName": "s"]
            var filter: JSON = ["logGroupName": "/g"]
            for (key, value) in range.object ?? [:] {
                get[key] = value
                filter[key] = value
            }
            #expect(messages(try await test.call("logs", "GetLogEvents", get)) == ["a", "b"])
            #expect(messages(try await test.call("logs", "FilterLogEvents", filter)) == ["a", "b", "c"])
        }
    }

    @Test func filteringGoesAcrossStreamsInPages() async throws {
        try await withStream(["one", "two", "other"]) { test in
            _ = try await put(test, [(1, "keep 1"), (3, "keep 3"), (5, "drop")], to: "one")
            _ = try await put(test, [(2, "keep 2"), (4, "keep 4")], to: "two")
            _ = try await put(test, [(2, "keep other")], to: "other")
            var input: JSON = [
                "logGroupName": "/g", "filterPattern": "keep", "limit": 3, "logStreamNames": ["one", "two"],
            ]
            let first = try await test.call("logs", "FilterLogEvents", input)
            #expect(messages(first) == ["keep 1", "keep 2", "keep 3"])
            #expect(first["events"]?[1]?["logStreamName"]?.string == "two")
            input["nextToken"] = first["nextToken"]
            let second = try await test.call("logs", "FilterLogEvents", input)
            #expect(messages(second) == ["keep 4"])
            #expect(second["nextToken"] == nil)
            let prefixed: JSON = ["logGroupName": "/g", "logStreamNamePrefix": "o", "filterPattern": "keep"]
            #expect(
                messages(try await test.call("logs", "FilterLogEvents", prefixed)) == [
                    "keep 1", "keep other", "keep 3",
                ])
        }
    }

    @Test func whatIsTooOldOrTooNewIsLeftOut() async throws {
        try await withStream { test in
            let day: Int64 = 86_400_000
            let old = try await put(test, [(-14 * day - 2, "x"), (-14 * day - 1, "x"), (-14 * day, "kept")])
            #expect(old["rejectedLogEventsInfo"] == ["tooOldLogEventEndIndex": 2])
            let new = try await put(test, [(0, "kept too"), (7_200_001, "x")])
            #expect(new["rejectedLogEventsInfo"] == ["tooNewLogEventStartIndex": 1])
            try await test.call("logs", "PutRetentionPolicy", ["logGroupName": "/g", "retentionInDays": 1])
            let expired = try await put(test, [(-day - 1, "x"), (-day, "kept as well")])
            #expect(expired["rejectedLogEventsInfo"] == ["expiredLogEventEndIndex": 1])
            #expect(
                messages(try await test.call("logs", "FilterLogEvents", ["logGroupName": "/g"]))
                    == ["kept as well", "kept too"])
        }
    }

    @Test func badBatchesAreRefused() async throws {
        try await withStream { test in
            let cases: [([(Int64, String)], String)] = [
                ([(2, "a"), (1, "b")], "Log events in a single PutLogEvents request must be in chronological order."),
                (
                    [(-86_400_001, "a"), (0, "b")],
                    "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
                ),
                (
                    [(0, String(repeating: "x", count: 1_048_551))],
                    "Upload too large: 1048577 bytes exceeds limit of 1048576"
                ),
            ]
            for (events, message) in cases {
                let error = await test.failure("logs", "PutLogEvents", batch("s", events))
                #expect(error?.code == "InvalidParameterException")
                #expect(error?.message == message)
            }
            let missing = await test.failure("logs", "PutLogEvents", batch("none", [(0, "a")]))
            #expect(missing?.message == "The specified log stream does not exist.")
        }
    }

    @Test func tokensThatAreNotOursAreRefused() async throws {
        try await withStream { test in
            for token in ["x", "f/1/s", "e/\(String(repeating: "0", count: 56))/s"] {
                let error = await test.failure(
                    "logs", "GetLogEvents", ["logGroupName": "/g", "logStreamName": "s", "nextToken": .string(token)])
                #expect(error?.message == "The specified nextToken is invalid.")
            }
        }
    }
}
