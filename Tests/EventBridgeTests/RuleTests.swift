import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import EventBridge

@Suite("Rules")
struct RuleTests {
    static let pattern: JSON = #"{"source":["s"]}"#

    /// An input of PutRule, the code and message of its refusal.
    static let refusals: [(JSON, String, String)] = [
        (["Name": "r"], "ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified."),
        (
            ["Name": "r", "EventPattern": pattern, "EventBusName": "b"], "ResourceNotFoundException",
            "Event bus b does not exist."
        ),
        (
            ["Name": "r", "ScheduleExpression": "rate(1 minutes)"], "ValidationException",
            "Parameter ScheduleExpression is not valid."
        ),
        (
            ["Name": "r", "ScheduleExpression": "at(2030-01-01T00:00:00)"], "ValidationException",
            "Parameter ScheduleExpression is not valid."
        ),
        (
            ["Name": "r", "ScheduleExpression": "rate(1 minute)", "EventBusName": "b"], "ValidationException",
            "ScheduleExpression is supported only on the default event bus."
        ),
        (
            ["Name": "r", "EventPattern": #"{"a":"b"}"#], "InvalidEventPatternException",
            "Event pattern is not valid. Reason: \"a\" must be an object or an array\n"
                + " at [Source: (String)\"{\"a\":\"b\"}\"; line: 1, column: 7]"
        ),
    ]

    @Test("are refused", arguments: refusals)
    func refused(input: JSON, code: String, message: String) async throws {
        let account = try await Account()
        #expect(await account.failure("PutRule", input) == AWSError(code, message))
    }

    @Test("are described, listed, changed and deleted")
    func life() async throws {
        let account = try await Account()
        let made = try await account.events(
            "PutRule",
            ["Name": "r", "EventPattern": Self.pattern, "Description": "d", "Tags": [["Key": "k", "Value": "v"]]])
        let arn = account.arn("events", "rule/r")
        #expect(made == ["RuleArn": .string(arn)])
        let described: JSON = [
            "Name": "r", "Arn": .string(arn), "EventPattern": Self.pattern, "State": "ENABLED", "Description": "d",
            "EventBusName": "default", "CreatedBy": "000000000000",
        ]
        #expect(try await account.events("DescribeRule", ["Name": "r"]) == described)
        try await account.events("DisableRule", ["Name": "r"])
        #expect(try await account.events("ListRules")["Rules"]?[0]?["State"] == "DISABLED")
        #expect(
            try await account.events("ListTagsForResource", ["ResourceARN": .string(arn)])["Tags"]?[0]?["Key"] == "k")
        let target = JSON.string(try await account.queue())
        try await account.events("PutTargets", ["Rule": "r", "Targets": [["Id": "t", "Arn": target]]])
        #expect(try await account.events("ListRuleNamesByTarget", ["TargetArn": target])["RuleNames"] == ["r"])
        #expect(
            try await account.events("ListTargetsByRule", ["Rule": "r"])["Targets"] == [["Id": "t", "Arn": target]])
        #expect(
            await account.failure("DeleteRule", ["Name": "r"])?.message == "Rule can't be deleted since it has targets."
        )
        let removed = try await account.events("RemoveTargets", ["Rule": "r", "Ids": ["t", "u"]])
        #expect(removed["FailedEntryCount"] == 1)
        try await account.events("DeleteRule", ["Name": "r"])
        try await account.events("DeleteRule", ["Name": "r"])
        #expect(
            await account.failure("DescribeRule", ["Name": "r"])?.message
                == "Rule r does not exist on EventBus default.")
    }

    @Test("that are disabled want nothing")
    func disabled() async throws {
        let account = try await Account()
        try await account.rule(#"{"source":["shop"]}"#, ["Arn": .string(try await account.queue())])
        try await account.events("DisableRule", ["Name": "r"])
        try await account.put()
        try await account.events("EnableRule", ["Name": "r"])
        try await account.put(#"{"second":true}"#)
        #expect(try await account.bodies().map { $0.contains("second") } == [true])
    }

    @Test("have five targets at most")
    func targetLimit() async throws {
        let account = try await Account()
        try await account.events("PutRule", ["Name": "r", "EventPattern": Self.pattern])
        let targets = (0..<6).map {
            JSON.object(["Id": .string("\($0)"), "Arn": "arn:aws:sqs:us-east-1:000000000000:q"])
        }
        let error = await account.failure("PutTargets", ["Rule": "r", "Targets": .array(targets)])
        #expect(error?.code == "LimitExceededException")
    }

    @Test("are listed in pages")
    func pages() async throws {
        let account = try await Account()
        for name in ["a", "b", "c"] {
            try await account.events("PutRule", ["Name": .string(name), "EventPattern": Self.pattern])
        }
        let first = try await account.events("ListRules", ["Limit": 2])
        #expect(first["Rules"]?.array?.count == 2)
        let second = try await account.events("ListRules", ["Limit": 2, "NextToken": first["NextToken"] ?? ""])
        #expect(second["Rules"]?[0]?["Name"] == "c")
        #expect(second["NextToken"] == nil)
    }
}

@Suite("Scheduled rules")
struct ScheduledRuleTests {
    @Test("fire at their times, with an event of their own")
    func rate() async throws {
        let account = try await Account()
        let queue = try await account.queue()
        try await account.events("PutRule", ["Name": "r", "ScheduleExpression": "rate(5 minutes)"])
        try await account.events("PutTargets", ["Rule": "r", "Targets": [["Id": "t", "Arn": .string(queue)]]])
        let start = account.host.clock.nowMs
        await account.host.advance(byMs: 299_000)
        #expect(try await account.bodies().isEmpty)
        await account.host.advance(byMs: 1000)
        await account.host.advance(byMs: 300_000)
        let bodies = try await account.bodies()
        #expect(bodies.count == 2)
        let event = try JSON.parse(try #require(bodies.first))
        #expect(event["detail-type"] == "Scheduled Event")
        #expect(event["source"] == "aws.events")
        #expect(event["time"]?.string == Timestamp.iso8601((start + 300_000) / 1000 * 1000))
        #expect(event["resources"] == [.string(account.arn("events", "rule/r"))])
        #expect(event["detail"] == [:])
        try await account.events("DisableRule", ["Name": "r"])
        await account.host.advance(byMs: 3_600_000)
        #expect(try await account.bodies().isEmpty)
    }
}

@Suite("Event buses")
struct EventBusTests {
    @Test("are created, described, listed and deleted; the default one is there")
    func life() async throws {
        let account = try await Account()
        let made = try await account.events("CreateEventBus", ["Name": "b", "Description": "d"])
        #expect(made == ["EventBusArn": .string(account.arn("events", "event-bus/b")), "Description": "d"])
        let names = try await account.events("ListEventBuses")["EventBuses"]?.array?.map { $0["Name"] }
        #expect(names == ["b", "default"])
        #expect(try await account.events("DescribeEventBus")["Name"] == "default")
        try await account.events("UpdateEventBus", ["Name": "b", "Description": "e"])
        #expect(try await account.events("DescribeEventBus", ["Name": "b"])["Description"] == "e")
        try await account.events("PutRule", ["Name": "r", "EventPattern": RuleTests.pattern, "EventBusName": "b"])
        #expect(
            await account.failure("DeleteEventBus", ["Name": "b"])?.message
                == "Event bus can't be deleted since it has rules.")
        try await account.events("DeleteRule", ["Name": "r", "EventBusName": "b"])
        try await account.events("DeleteEventBus", ["Name": "b"])
        #expect(await account.failure("DescribeEventBus", ["Name": "b"])?.message == "Event bus b does not exist.")
    }

    /// An operation, its input, the message of the refusal.
    static let refusals: [(String, JSON, String)] = [
        ("CreateEventBus", ["Name": "default"], "Event bus default already exists."),
        ("CreateEventBus", ["Name": "a/b"], "Event bus name must not contain '/'."),
        ("DeleteEventBus", ["Name": "default"], "Cannot delete event bus default."),
        (
            "PutPermission", ["Action": "events:Other", "Principal": "*", "StatementId": "s"],
            "Provided value in parameter 'action' is not supported."
        ),
        ("RemovePermission", ["StatementId": "s"], "EventBus does not have a policy."),
    ]

    @Test("refuse", arguments: refusals)
    func refused(operation: String, input: JSON, message: String) async throws {
        let account = try await Account()
        #expect(await account.failure(operation, input)?.message == message)
    }

    @Test("keep their policy")
    func policy() async throws {
        let account = try await Account()
        try await account.events(
            "PutPermission", ["Action": "events:PutEvents", "Principal": "111111111111", "StatementId": "s"])
        let policy = try #require(try await account.events("DescribeEventBus")["Policy"]?.string)
        #expect(
            policy
                == #"{"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Allow","#
                + #""Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"events:PutEvents","#
                + #""Resource":"arn:aws:events:us-east-1:000000000000:event-bus/default"}]}"#)
        try await account.events("RemovePermission", ["StatementId": "s"])
        #expect(try await account.events("DescribeEventBus")["Policy"] == nil)
    }
}

@Suite("Archives and replays")
struct ArchiveTests {
    @Test("keep events and send them again")
    func replay() async throws {
        let account = try await Account()
        let bus = JSON.string(account.arn("events", "event-bus/default"))
        try await account.events(
            "CreateArchive", ["ArchiveName": "a", "EventSourceArn": bus, "EventPattern": #"{"source":["shop"]}"#])
        try await account.put(#"{"n":1}"#)
        try await account.put(#"{"n":2}"#, source: "other")
        #expect(try await account.events("DescribeArchive", ["ArchiveName": "a"])["EventCount"] == 1)
        try await account.rule(#"{"source":["shop"]}"#, ["Arn": .string(try await account.queue())])
        try await account.events(
            "StartReplay",
            [
                "ReplayName": "p", "EventSourceArn": .string(account.arn("events", "archive/a")), "EventStartTime": 0,
                "EventEndTime": 4_000_000_000, "Destination": ["Arn": bus],
            ])
        await account.settle()
        #expect(try await account.events("DescribeReplay", ["ReplayName": "p"])["State"] == "COMPLETED")
        let bodies = try await account.bodies()
        #expect(bodies.count == 1)
        #expect(bodies.first?.contains(#""replay-name":"p""#) == true)
        #expect(try await account.events("DescribeArchive", ["ArchiveName": "a"])["EventCount"] == 1)
    }
}

@Suite("Connections")
struct ConnectionTests {
    @Test("show no secrets")
    func secrets() async throws {
        let account = try await Account()
        try await account.events(
            "CreateConnection",
            [
                "Name": "c", "AuthorizationType": "API_KEY",
                "AuthParameters": [
                    "ApiKeyAuthParameters": ["ApiKeyName": "x-key", "ApiKeyValue": "secret"],
                    "InvocationHttpParameters": [
                        "HeaderParameters": [["Key": "h", "Value": "secret", "IsValueSecret": true]]
                    ],
                ],
            ])
        let described = try await account.events("DescribeConnection", ["Name": "c"])
        #expect(described["ConnectionState"] == "AUTHORIZED")
        #expect(described["AuthParameters"]?["ApiKeyAuthParameters"] == ["ApiKeyName": "x-key"])
        #expect(!described.text().contains("\"secret\""))
        let arn = try #require(described["ConnectionArn"]?.string)
        let parameters = try await account.host.context().connection(arn)
        #expect(parameters.headers.map(\.name) == ["h", "x-key"])
        #expect(parameters.headers.map(\.value) == ["secret", "secret"])
        try await account.events("DeauthorizeConnection", ["Name": "c"])
        await #expect(throws: AWSError.self) { try await account.host.context().connection(arn) }
    }

    @Test("fetch a token and keep it while it is valid")
    func oauth() async throws {
        let account = try await Account()
        let made = try await account.events(
            "CreateConnection",
            [
                "Name": "c", "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
                "AuthParameters": [
                    "OAuthParameters": [
                        "ClientParameters": ["ClientID": "id", "ClientSecret": "s"],
                        "AuthorizationEndpoint": "https://example.com/token", "HttpMethod": "POST",
                    ]
                ],
            ])
        let arn = try #require(made["ConnectionArn"]?.string)
        func answer(_ token: String) -> HTTPResponse {
            HTTPResponse(
                body: .bytes(Array(#"{"access_token":"\#(token)","token_type":"Bearer","expires_in":3600}"#.utf8)))
        }
        await account.host.http.prepare([answer("one"), answer("two")])
        let context = account.host.context()
        var seen: [String] = []
        for wait in [0, 1_000_000, 3_600_000] as [Int64] {
            await account.host.advance(byMs: wait)
            seen += try await context.connection(arn).headers.map(\.value)
        }
        #expect(seen == ["Bearer one", "Bearer one", "Bearer two"])
        let body = await account.host.http.sent.first?.request.body
        #expect(body == .bytes(Array("client_id=id&client_secret=s&grant_type=client_credentials".utf8)))
    }
}
