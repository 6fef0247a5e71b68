import AWSWire
import Archive
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Synchronization
import Testing

@testable import CloudWatchLogs

/// A Lambda that has one function and keeps what it is called with.
private final class Functions: Service {
    static let id = "lambda"
    static let operations: [any Operation.Type] = [GetFunctionConfiguration.self, Invoke.self]
    static let migrations: [Migration] = []
    let payloads = Mutex<[[UInt8]]>([])

    enum GetFunctionConfiguration: Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
            guard input["FunctionName"]?.string?.hasSuffix("function:f") == true else {
                throw AWSError("ResourceNotFoundException", "Function not found", status: 404)
            }
            return [:]
        }
    }

    enum Invoke: Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
            context.service(Functions.self).payloads.withLock { $0.append(input["Payload"]?.bytes ?? []) }
            return ["StatusCode": 202]
        }
    }
}

@Suite("Filters of log groups")
struct SubscriptionTests {
    private static let now: Int64 = 1_767_225_600_000
    private static let function: JSON = "arn:aws:lambda:us-east-1:000000000000:function:f"

    private let functions = Functions()

    private func bench() async throws -> TestHost {
        let host = try await TestHost([CloudWatchLogs(), functions])
        try await host.call("logs", "CreateLogGroup", ["logGroupName": "/g"])
        try await host.call("logs", "CreateLogStream", ["logGroupName": "/g", "logStreamName": "s"])
        return host
    }

    private func put(_ host: TestHost, _ messages: [String]) async throws {
        let events = messages.enumerated().map { index, message in
            ["timestamp": .number(Int(host.clock.nowMs) + index), "message": .string(message)] as JSON
        }
        try await host.call(
            "logs", "PutLogEvents", ["logGroupName": "/g", "logStreamName": "s", "logEvents": .array(events)])
        await host.host.store.due.idle()
    }

    private func filter(_ name: JSON, _ pattern: JSON, _ more: JSON.Object = [:]) -> JSON {
        var input: JSON.Object = [
            "logGroupName": "/g", "filterName": name, "filterPattern": pattern, "destinationArn": Self.function,
        ]
        for (name, value) in more { input[name] = value }
        return .object(input)
    }

    private func received() throws -> [JSON] {
        try functions.payloads.withLock { $0 }.map { payload in
            let data = try JSON.parse(payload)["awslogs"]?["data"]?.string ?? ""
            return try JSON.parse(try Deflate.gunzip(Base64.decode(data) ?? [], limit: 1 << 20))
        }
    }

    @Test("pass what matches on to a function, packed as AWS packs it")
    func passOn() async throws {
        let host = try await bench()
        try await host.call("logs", "PutSubscriptionFilter", filter("errors", "ERROR"))
        try await put(host, ["INFO a", "ERROR b", "ERROR c"])
        try await put(host, ["INFO d"])
        let batch = try #require(try received().first)
        #expect(try received().count == 1)
        #expect(batch["messageType"] == "DATA_MESSAGE" && batch["owner"] == "000000000000")
        #expect(batch["logGroup"] == "/g" && batch["logStream"] == "s" && batch["subscriptionFilters"] == ["errors"])
        #expect(batch["logEvents"]?.array?.map { $0["message"] } == ["ERROR b", "ERROR c"])
        let stored = try await host.call("logs", "FilterLogEvents", ["logGroupName": "/g", "filterPattern": "ERROR"])
        #expect(
            batch["logEvents"]?.array?.map { $0["id"] } == stored["events"]?.array?.map { $0["eventId"] })
    }

    @Test("name the fields of events in columns")
    func extracted() async throws {
        let host = try await bench()
        try await host.call("logs", "PutSubscriptionFilter", filter("all", "[level, ..., size > 3]"))
        try await put(host, ["WARN one two 5", "WARN one 2"])
        #expect(
            try received().first?["logEvents"]?[0]?["extractedFields"]
                == ["level": "WARN", "2": "one", "3": "two", "size": "5"])
    }

    @Test(
        arguments: [
            (
                "a", ["destinationArn": "arn:aws:lambda:us-east-1:000000000000:function:none"],
                "InvalidParameterException"
            ),
            ("a", ["destinationArn": "arn:aws:kinesis:us-east-1:000000000000:stream/s"], "InvalidParameterException"),
            ("a", ["filterPattern": "{ $.a = "], "InvalidParameterException"),
            ("a", ["logGroupName": "/other"], "ResourceNotFoundException"),
            ("c", [:], "LimitExceededException"), ("b", [:], nil),
        ] as [(JSON, JSON.Object, String?)])
    func areRefused(_ name: JSON, _ more: JSON.Object, _ code: String?) async throws {
        let host = try await bench()
        for name: JSON in ["a", "b"] { try await host.call("logs", "PutSubscriptionFilter", filter(name, "")) }
        #expect(await host.failure("logs", "PutSubscriptionFilter", filter(name, "x", more))?.code == code)
    }

    @Test("are listed, counted and removed")
    func listed() async throws {
        let host = try await bench()
        let metric: JSON = [
            "logGroupName": "/g", "filterName": "m", "filterPattern": "",
            "metricTransformations": [["metricName": "n", "metricNamespace": "s", "metricValue": "1"]],
        ]
        try await host.call("logs", "PutMetricFilter", metric)
        try await host.call("logs", "PutSubscriptionFilter", filter("f", ""))
        let metrics = try await host.call("logs", "DescribeMetricFilters", ["metricName": "n", "metricNamespace": "s"])
        #expect(metrics["metricFilters"]?.array?.map { $0["filterName"] } == ["m"])
        #expect(
            try await host.call("logs", "DescribeLogGroups")["logGroups"]?[0]?["metricFilterCount"] == 1)
        let subscriptions = try await host.call("logs", "DescribeSubscriptionFilters", ["logGroupName": "/g"])
        #expect(subscriptions["subscriptionFilters"]?[0]?["distribution"] == "ByLogStream")
        try await host.call("logs", "DeleteSubscriptionFilter", ["logGroupName": "/g", "filterName": "f"])
        #expect(
            await host.failure("logs", "DeleteSubscriptionFilter", ["logGroupName": "/g", "filterName": "f"])?.code
                == "ResourceNotFoundException")
    }

    @Test(
        arguments: [
            ("[level, code = 4*]", "WARN 404", ["$level": "WARN", "$code": "404"]),
            ("{ $.a.b > 1 }", #"{"a":{"b":2}}"#, ["$.a.b": "2"]), ("ERROR", "ERROR", [:]),
            ("%ERR[A-Z]+ [0-9]{3}%", "an ERROR 404 came", [:]),
            (#"{ $.a = %^x[0-9]$% }"#, #"{"a":"x1"}"#, ["$.a": "x1"]),
        ] as [(JSON, JSON, JSON)])
    func areTested(_ pattern: JSON, _ message: JSON, _ values: JSON) async throws {
        let host = try await bench()
        let output = try await host.call(
            "logs", "TestMetricFilter", ["filterPattern": pattern, "logEventMessages": ["no", message]])
        #expect(output["matches"]?.array?.map { $0["eventNumber"] } == [2])
        let found = output["matches"]?[0]?["extractedValues"]?.object ?? [:]
        #expect(
            Dictionary(uniqueKeysWithValues: found.map { ($0.key, $0.value) })
                == Dictionary(uniqueKeysWithValues: (values.object ?? [:]).map { ($0.key, $0.value) }))
    }
}
