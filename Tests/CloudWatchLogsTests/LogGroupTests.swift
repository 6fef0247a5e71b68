import AWSWire
import BatonCore
import BatonTesting
import JSON
import Testing

@testable import CloudWatchLogs

@Suite struct LogGroupTests {
    private func test(_ body: (TestHost) async throws -> Void) async throws {
        let test = try await TestHost([CloudWatchLogs()])
        try await body(test)
        await test.host.stop()
    }

    private func names(_ output: JSON, _ list: String, _ name: String) -> [String] {
        output[list]?.array?.compactMap { $0[name]?.string } ?? []
    }

    @Test func aGroupShowsWhatItWasCreatedWith() async throws {
        try await test { test in
            try await test.call("logs", "CreateLogGroup", ["logGroupName": "/a/b", "tags": ["k": "v"]])
            try await test.call("logs", "PutRetentionPolicy", ["logGroupName": "/a/b", "retentionInDays": 7])
            let output = try await test.call("logs", "DescribeLogGroups")
            #expect(
                output["logGroups"]?[0] == [
                    "logGroupName": "/a/b", "creationTime": 1_767_225_600_000, "retentionInDays": 7,
                    "metricFilterCount": 0, "arn": "arn:aws:logs:us-east-1:000000000000:log-group:/a/b:*",
                    "storedBytes": 0, "logGroupClass": "STANDARD",
                    "logGroupArn": "arn:aws:logs:us-east-1:000000000000:log-group:/a/b",
                    "deletionProtectionEnabled": false,
                ])
            try await test.call("logs", "DeleteRetentionPolicy", ["logGroupName": "/a/b"])
            #expect(try await test.call("logs", "DescribeLogGroups")["logGroups"]?[0]?["retentionInDays"] == nil)
        }
    }

    @Test func groupsAreListedByNameInPages() async throws {
        try await test { test in
            for name in ["/b/2", "/a/1", "/b/1", "/b/3"] {
                try await test.call("logs", "CreateLogGroup", ["logGroupName": .string(name)])
            }
            func list(_ input: JSON) async throws -> JSON { try await test.call("logs", "DescribeLogGroups", input) }
            #expect(names(try await list([:]), "logGroups", "logGroupName") == ["/a/1", "/b/1", "/b/2", "/b/3"])
            let first = try await list(["logGroupNamePrefix": "/b", "limit": 2])
            #expect(names(first, "logGroups", "logGroupName") == ["/b/1", "/b/2"])
            let rest = try await list(["logGroupNamePrefix": "/b", "limit": 2, "nextToken": first["nextToken"] ?? ""])
            #expect(names(rest, "logGroups", "logGroupName") == ["/b/3"])
            #expect(rest["nextToken"] == nil)
            #expect(
                names(try await list(["logGroupNamePattern": "/1"]), "logGroups", "logGroupName") == ["/a/1", "/b/1"])
        }
    }

    @Test func streamsAreListedByNameOrTime() async throws {
        try await test { test in
            try await test.call("logs", "CreateLogGroup", ["logGroupName": "g"])
            for (name, offset) in [("a", 3), ("b", 1), ("c", 2)] {
                try await test.call("logs", "CreateLogStream", ["logGroupName": "g", "logStreamName": .string(name)])
                try await test.call(
                    "logs", "PutLogEvents",
                    [
                        "logGroupName": "g", "logStreamName": .string(name),
                        "logEvents": [["timestamp": .number(1_767_225_600_000 + offset), "message": "x"]],
                    ])
            }
            func list(_ input: JSON) async throws -> [String] {
                var input = input
                input["logGroupName"] = "g"
                return names(try await test.call("logs", "DescribeLogStreams", input), "logStreams", "logStreamName")
            }
            #expect(try await list([:]) == ["a", "b", "c"])
            #expect(try await list(["descending": true]) == ["c", "b", "a"])
            #expect(try await list(["orderBy": "LastEventTime"]) == ["b", "c", "a"])
            #expect(try await list(["orderBy": "LastEventTime", "descending": true, "limit": 1]) == ["a"])
            #expect(try await list(["logStreamNamePrefix": "c"]) == ["c"])
            #expect(try await test.call("logs", "DescribeLogGroups")["logGroups"]?[0]?["storedBytes"]?.int == 81)
            try await test.call("logs", "DeleteLogStream", ["logGroupName": "g", "logStreamName": "a"])
            #expect(try await list([:]) == ["b", "c"])
            #expect(try await test.call("logs", "DescribeLogGroups")["logGroups"]?[0]?["storedBytes"]?.int == 54)
        }
    }

    @Test func tagsByArnAndByName() async throws {
        try await test { test in
            try await test.call("logs", "CreateLogGroup", ["logGroupName": "g", "tags": ["a": "1"]])
            let arn: JSON = "arn:aws:logs:us-east-1:000000000000:log-group:g"
            try await test.call("logs", "TagResource", ["resourceArn": arn, "tags": ["b": "2"]])
            try await test.call("logs", "TagLogGroup", ["logGroupName": "g", "tags": ["c": "3"]])
            try await test.call("logs", "UntagResource", ["resourceArn": arn, "tagKeys": ["a"]])
            #expect(
                try await test.call("logs", "ListTagsForResource", ["resourceArn": arn])["tags"] == [
                    "b": "2", "c": "3",
                ])
            try await test.call("logs", "UntagLogGroup", ["logGroupName": "g", "tags": ["b"]])
            #expect(try await test.call("logs", "ListTagsLogGroup", ["logGroupName": "g"])["tags"] == ["c": "3"])
        }
    }

    @Test func errorsAreAWSs() async throws {
        try await test { test in
            try await test.call("logs", "CreateLogGroup", ["logGroupName": "g"])
            try await test.call("logs", "CreateLogStream", ["logGroupName": "g", "logStreamName": "s"])
            let cases: [(String, JSON, String, String)] = [
                (
                    "CreateLogGroup", ["logGroupName": "g"], "ResourceAlreadyExistsException",
                    "The specified log group already exists"
                ),
                (
                    "CreateLogStream", ["logGroupName": "g", "logStreamName": "s"], "ResourceAlreadyExistsException",
                    "The specified log stream already exists"
                ),
                (
                    "DeleteLogGroup", ["logGroupName": "x"], "ResourceNotFoundException",
                    "The specified log group does not exist."
                ),
                (
                    "DeleteLogStream", ["logGroupName": "g", "logStreamName": "x"], "ResourceNotFoundException",
                    "The specified log stream does not exist."
                ),
                (
                    "GetLogEvents", ["logStreamName": "s"], "InvalidParameterException",
                    "Exactly one of logGroupName and logGroupIdentifier must be specified."
                ),
                (
                    "FilterLogEvents", ["logGroupName": "x"], "ResourceNotFoundException",
                    "The specified log group does not exist."
                ),
                (
                    "FilterLogEvents", ["logGroupName": "g", "logStreamNames": ["s"], "logStreamNamePrefix": "s"],
                    "InvalidParameterException", "Cannot specify both logStreamNames and logStreamNamePrefix."
                ),
            ]
            for (operation, input, code, message) in cases {
                let error = await test.failure("logs", operation, input)
                #expect(error?.code == code)
                #expect(error?.message == message)
            }
            #expect(
                await test.failure("logs", "PutRetentionPolicy", ["logGroupName": "g", "retentionInDays": 2])?.code
                    == "InvalidParameterException")
        }
    }

    @Test func aGroupGoesWithAllThatIsInIt() async throws {
        try await test { test in
            let event: JSON = ["timestamp": 1_767_225_600_000, "message": "x"]
            for _ in 0..<2 {
                try await test.call("logs", "CreateLogGroup", ["logGroupName": "g"])
                try await test.call("logs", "CreateLogStream", ["logGroupName": "g", "logStreamName": "s"])
                try await test.call(
                    "logs", "PutLogEvents", ["logGroupName": "g", "logStreamName": "s", "logEvents": [event]])
                #expect(
                    try await test.call("logs", "FilterLogEvents", ["logGroupName": "g"])["events"]?.array?.count == 1)
                try await test.call("logs", "DeleteLogGroup", ["logGroupName": "g"])
            }
        }
    }

    @Test(
        arguments: [
            ("CreateLogStream", ["logGroupName": "g", "logStreamName": "a:b"]), ("DescribeLogGroups", ["limit": 51]),
            ("PutLogEvents", ["logGroupName": "g", "logStreamName": "s", "logEvents": []]),
        ] as [(String, JSON)])
    func whatTheModelForbidsIsAnInvalidParameter(_ operation: String, _ input: JSON) async throws {
        let test = try await TestHost([CloudWatchLogs()])
        let error = await test.failure("logs", operation, input)
        #expect(error?.code == "InvalidParameterException")
        #expect(error?.message.hasPrefix("1 validation error detected: Value '") == true)
    }
}
