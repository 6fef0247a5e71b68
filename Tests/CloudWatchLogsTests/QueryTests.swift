import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import CloudWatchLogs

@Suite("Queries of logs")
struct QueryTests {
    private static let events = [
        #"{"level":"ERROR","ms":30,"user":{"name":"ann"}}"#, #"{"level":"INFO","ms":10,"user":{"name":"bob"}}"#,
        #"{"level":"ERROR","ms":20,"user":{"name":"bob"}}"#, "plain GET /a took 7 ms",
    ]

    private static func bench() async throws -> TestHost {
        let host = try await TestHost([CloudWatchLogs()])
        try await host.call("logs", "CreateLogGroup", ["logGroupName": "/g"])
        try await host.call("logs", "CreateLogStream", ["logGroupName": "/g", "logStreamName": "s"])
        let batch = events.enumerated().map { index, message in
            ["timestamp": .number(Int(host.clock.nowMs) + index * 60_000), "message": .string(message)] as JSON
        }
        try await host.call(
            "logs", "PutLogEvents", ["logGroupName": "/g", "logStreamName": "s", "logEvents": .array(batch)])
        return host
    }

    private static func start(_ host: TestHost, _ text: String, _ more: JSON.Object = [:]) async throws -> JSON {
        var input: JSON.Object = [
            "logGroupName": "/g", "queryString": .string(text), "startTime": 0, "endTime": 4_000_000_000,
        ]
        for (name, value) in more { input[name] = value }
        let id = try await host.call("logs", "StartQuery", .object(input))["queryId"] ?? ""
        await host.host.store.due.idle()
        return try await host.call("logs", "GetQueryResults", ["queryId": id])
    }

    /// The rows as text, without pointers and times.
    private static func rows(_ results: JSON) -> [String] {
        (results["results"]?.array ?? []).map { row in
            (row.array ?? []).filter { $0["field"] != "@ptr" && $0["field"] != "@timestamp" }.map {
                "\($0["field"]?.string ?? "")=\($0["value"]?.string ?? "")"
            }.joined(separator: " ")
        }
    }

    @Test(arguments: [
        ("fields level, ms | filter level = 'ERROR' | sort ms", ["level=ERROR ms=20", "level=ERROR ms=30"]),
        ("fields ms | filter ispresent(ms) | limit 2", ["ms=20", "ms=10"]),
        ("fields user.name as who | filter ms >= 20 and not level like /INF/ | sort ms desc", ["who=ann", "who=bob"]),
        ("filter @message like /(?i)plain/ | display @logStream", ["@logStream=s"]),
        ("fields ms*2+1 as twice | filter ms in [10, 11]", ["twice=21"]),
        (
            "stats count(*) as n, avg(ms) by level | sort level",
            [
                "n=1", "level=ERROR n=2 avg(ms)=25", "level=INFO n=1 avg(ms)=10",
            ]
        ),
        (
            "stats sum(ms) as s, max(ms), min(ms), pct(ms, 50) as p, count_distinct(user.name) as u",
            [
                "s=60 max(ms)=30 min(ms)=10 p=20 u=2"
            ]
        ),
        (
            "parse @message 'plain * /* took * ms' as verb, path, took | filter took > 5 | display verb, path, took",
            [
                "verb=GET path=a took=7"
            ]
        ),
        ("fields upper(level) as l | filter strcontains(user.name, 'o') = 1 | dedup user.name", ["l=ERROR"]),
        ("# all of them\nstats count(*) as n", ["n=4"]), ("filter level = 'none' | stats count(*) as n", ["n=0"]),
    ])
    func answer(_ text: String, _ expected: [String]) async throws {
        let results = try await Self.start(try await Self.bench(), text)
        #expect(results["status"] == "Complete")
        #expect(Self.rows(results) == expected)
    }

    @Test("show time, message and pointer, the newest first, where they ask for nothing else")
    func plain() async throws {
        let host = try await Self.bench()
        let results = try await Self.start(host, "filter ms > 15")
        let row = results["results"]?[0]
        #expect(row?.array?.map { $0["field"] } == ["@timestamp", "@message", "@ptr"])
        #expect(row?[0]?["value"]?.string?.hasSuffix(":02:00.000") == true)
        #expect(results["statistics"]?["recordsMatched"] == 2 && results["statistics"]?["recordsScanned"] == 4)
        let record = try await host.call("logs", "GetLogRecord", ["logRecordPointer": row?[2]?["value"] ?? ""])
        #expect(record["logRecord"]?["level"] == "ERROR" && record["logRecord"]?["@logStream"] == "s")
    }

    @Test("group by periods of time")
    func bins() async throws {
        let results = try await Self.start(try await Self.bench(), "stats count(*) as n by bin(2m) | sort n")
        #expect(results["results"]?.array?.count == 2)
        #expect(results["results"]?[0]?[0]?["value"]?.string?.hasSuffix("00.000") == true)
    }

    @Test(arguments: [
        ("", "MalformedQueryException"), ("explode @message", "MalformedQueryException"),
        ("filter level =", "MalformedQueryException"), ("filter (level = 1", "MalformedQueryException"),
        ("stats nothing(ms)", "MalformedQueryException"), ("parse @message /(?<a>.)/", "MalformedQueryException"),
        ("limit 0", "MalformedQueryException"),
    ])
    func areRefused(_ text: JSON, _ code: String) async throws {
        let host = try await Self.bench()
        let failure = await host.failure(
            "logs", "StartQuery", ["logGroupName": "/g", "queryString": text, "startTime": 0, "endTime": 1])
        #expect(failure?.code == code)
    }
}
