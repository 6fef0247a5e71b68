import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import EventBridge

@Suite("Events")
struct EventTests {
    @Test("reach the targets of the rules that want them, in AWS's form")
    func form() async throws {
        let account = try await Account()
        try await account.rule(#"{"source":["shop"]}"#, ["Arn": .string(try await account.queue())])
        let answer = try await account.put(#"{"id":1,"price":1.50}"#)
        let id = try #require(answer["Entries"]?[0]?["EventId"]?.string)
        let body = try #require(try await account.bodies().first)
        #expect(
            body
                == #"{"version":"0","id":"\#(id)","detail-type":"sold","source":"shop","account":"000000000000","#
                + #""time":"\#(Timestamp.iso8601(account.host.clock.nowMs / 1000 * 1000))","region":"us-east-1","#
                + #""resources":[],"detail":{"id":1,"price":1.50}}"#)
    }

    /// An entry, the code and message of its error.
    static let refusals: [(JSON, String, String)] = [
        (
            ["DetailType": "t", "Detail": "{}"], "InvalidArgument",
            "Parameter Source is not valid. Reason: Source is a required argument."
        ),
        (
            ["Source": "s", "Detail": "{}"], "InvalidArgument",
            "Parameter DetailType is not valid. Reason: DetailType is a required argument."
        ),
        (
            ["Source": "s", "DetailType": "t"], "InvalidArgument",
            "Parameter Detail is not valid. Reason: Detail is a required argument."
        ),
        (["Source": "s", "DetailType": "t", "Detail": "x"], "MalformedDetail", "Detail is malformed."),
        (["Source": "s", "DetailType": "t", "Detail": "[]"], "MalformedDetail", "Detail is malformed."),
        (
            ["Source": "aws.s3", "DetailType": "t", "Detail": "{}"], "NotAuthorizedForSourceException",
            "Not authorized for the source."
        ),
    ]

    @Test("that are wrong are answered one by one", arguments: refusals)
    func refused(entry: JSON, code: String, message: String) async throws {
        let account = try await Account()
        let good: JSON = ["Source": "s", "DetailType": "t", "Detail": "{}"]
        let answer = try await account.events("PutEvents", ["Entries": [entry, good]])
        #expect(answer["FailedEntryCount"] == 1)
        #expect(answer["Entries"]?[0] == ["ErrorCode": .string(code), "ErrorMessage": .string(message)])
        #expect(answer["Entries"]?[1]?["EventId"] != nil)
    }

    @Test("of more than 1 MiB are refused together")
    func tooLarge() async throws {
        let account = try await Account()
        let detail = "{\"a\":\"\(String(repeating: "x", count: 600_000))\"}"
        let entry: JSON = ["Source": "s", "DetailType": "t", "Detail": .string(detail)]
        let error = await account.failure("PutEvents", ["Entries": [entry, entry]])
        #expect(error?.message == "Total size of the entries in the request is over the limit.")
    }

    @Test("for a bus that does not exist are taken and lost")
    func noBus() async throws {
        let account = try await Account()
        #expect(try await account.put(bus: "absent")["FailedEntryCount"] == 0)
    }

    @Test("of services are committed with their cause")
    func serviceEvents() async throws {
        let account = try await Account()
        try await account.rule(#"{"source":["aws.batch"]}"#, ["Arn": .string(try await account.queue())])
        let context = account.host.context()
        let event = ServiceEvent(
            source: "aws.batch", detailType: "Batch Job State Change", resources: ["arn:job"],
            detail: ["status": "FAILED"])
        try await context.write { try context.publish([event], $0) }
        struct Cause: Error {}
        _ = try? await account.host.host.store.write { transaction in
            try context.publish([event], transaction)
            throw Cause()
        }
        await account.settle()
        let bodies = try await account.bodies()
        #expect(bodies.count == 1)
        #expect(bodies.first?.contains(#""resources":["arn:job"],"detail":{"status":"FAILED"}"#) == true)
    }

    @Test("survive a restart between their commit and their delivery")
    func restart() async throws {
        let folder = "/tmp/baton-events-\(RandomSource().hex(8))"
        let clock = ControlledClock()
        let account = try await Account(.folder(folder), clock: clock)
        account.lambda.calls.fail(with: [AWSError("ServiceException", "busy", status: 500)])
        try await account.rule(#"{"source":["shop"]}"#, ["Arn": .string(account.arn("lambda", "function:f"))])
        try await account.put()
        #expect(account.lambda.calls.inputs.count == 1)
        await account.host.host.stop()
        let again = try await Account(.folder(folder), clock: clock)
        await again.host.advance(byMs: 2000)
        #expect(again.lambda.calls.inputs.count == 1)
        await again.host.host.stop()
    }
}

@Suite("Targets")
struct TargetTests {
    /// Settings of a target, the detail of the event, what the queue gets; `%` is the whole event.
    static let inputs: [(JSON, String)] = [
        (["Input": #"{"a":[1]}"#], #"{"a":[1]}"#),
        (["InputPath": "$.detail"], #"{"name":"Ann \"A\"","n":3,"list":["x",{"y":1}],"o":{"k":"v"}}"#),
        (["InputPath": "$.detail.list[1].y"], "1"),
        (["InputPath": "$.detail.absent"], "null"),
        (
            ["InputTransformer": ["InputPathsMap": ["n": "$.detail.name"], "InputTemplate": #""hello <n>""#]],
            #""hello Ann \"A\"""#
        ),
        (
            [
                "InputTransformer": [
                    "InputPathsMap": ["n": "$.detail.name", "c": "$.detail.n", "o": "$.detail.o", "m": "$.detail.m"],
                    "InputTemplate":
                        #"{"name":<n>,"count":<c>,"o":<o>,"text":"<o> <c> <m>","rule":"<aws.events.rule-name>"}"#,
                ]
            ], #"{"name":"Ann \"A\"","count":3,"o":{"k":"v"},"text":"{k:v} 3 ","rule":"r"}"#
        ),
        (
            ["InputTransformer": ["InputTemplate": #"{"arn":<aws.events.rule-arn>}"#]],
            #"{"arn":"arn:aws:events:us-east-1:000000000000:rule/r"}"#
        ),
    ]

    @Test("get what their input says", arguments: inputs)
    func input(settings: JSON, expected: String) async throws {
        let account = try await Account()
        var target = settings
        target["Arn"] = .string(try await account.queue())
        try await account.rule(#"{"source":["shop"]}"#, target)
        try await account.put(#"{"name":"Ann \"A\"","n":3,"list":["x",{"y":1}],"o":{"k":"v"}}"#)
        #expect(try await account.bodies() == [expected])
    }

    @Test("FIFO queues get the group")
    func fifo() async throws {
        let account = try await Account()
        let queue = try await account.queue("q.fifo", ["FifoQueue": "true", "ContentBasedDeduplication": "true"])
        try await account.rule(
            #"{"source":["shop"]}"#, ["Arn": .string(queue), "SqsParameters": ["MessageGroupId": "g"]])
        try await account.put()
        #expect(try await account.received("q.fifo").first?["Attributes"]?["MessageGroupId"] == "g")
    }

    @Test("functions are called asynchronously")
    func function() async throws {
        let account = try await Account()
        let arn = account.arn("lambda", "function:f")
        try await account.rule(#"{"source":["shop"]}"#, ["Arn": .string(arn), "Input": "{}"])
        try await account.put()
        let expected: JSON = [
            "FunctionName": .string(arn), "InvocationType": "Event", "Payload": .bytes([0x7B, 0x7D]),
        ]
        #expect(account.lambda.calls.inputs == [expected])
    }

    @Test("state machines are started, with the same name for every attempt")
    func stateMachine() async throws {
        let account = try await Account()
        account.states.calls.fail(with: [AWSError("InternalFailure", "", status: 500)])
        try await account.rule(
            #"{"source":["shop"]}"#,
            [
                "Arn": .string(account.arn("states", "stateMachine:m")), "RoleArn": "arn:aws:iam::000000000000:role/r",
                "Input": "{}",
            ])
        try await account.put()
        await account.host.advance(byMs: 2000)
        let calls = account.states.calls.inputs
        #expect(calls.count == 2)
        #expect(calls.first?["stateMachineArn"]?.string == account.arn("states", "stateMachine:m"))
        #expect(calls.first?["name"] == calls.last?["name"])
    }

    @Test("job queues get jobs with parameters of the input")
    func batch() async throws {
        let account = try await Account()
        try await account.rule(
            #"{"source":["shop"]}"#,
            [
                "Arn": .string(account.arn("batch", "job-queue/jq")),
                "Input": #"{"Parameters":{"n":5},"ContainerOverrides":{"Environment":[{"Name":"A","Value":"b"}]}}"#,
                "BatchParameters": [
                    "JobDefinition": "jd:1", "JobName": "job", "ArrayProperties": ["Size": 3],
                    "RetryStrategy": ["Attempts": 2],
                ],
            ])
        try await account.put()
        let expected: JSON = [
            "jobQueue": .string(account.arn("batch", "job-queue/jq")), "jobDefinition": "jd:1", "jobName": "job",
            "arrayProperties": ["size": 3], "retryStrategy": ["attempts": 2], "parameters": ["n": "5"],
            "containerOverrides": ["environment": [["name": "A", "value": "b"]]],
        ]
        #expect(account.batch.calls.inputs == [expected])
    }

    @Test("other buses get the event as it is, and a circle ends")
    func otherBus() async throws {
        let account = try await Account()
        try await account.events("CreateEventBus", ["Name": "other"])
        try await account.rule(#"{"source":["shop"]}"#, ["Arn": .string(account.arn("events", "event-bus/other"))])
        try await account.rule(
            #"{"source":["shop"]}"#, ["Arn": .string(account.arn("events", "event-bus/default"))], name: "back",
            bus: "other")
        try await account.rule(
            #"{"source":["shop"]}"#, ["Arn": .string(try await account.queue())], name: "keep", bus: "other")
        try await account.put()
        #expect(try await account.bodies().count == 3)
    }

    @Test("that fail for a while are tried again; then the event goes to the dead-letter queue")
    func retries() async throws {
        let account = try await Account()
        let busy = AWSError("ServiceException", "busy", status: 500)
        account.lambda.calls.fail(with: [busy, busy, busy])
        try await account.queue("dlq")
        try await account.rule(
            #"{"source":["shop"]}"#,
            [
                "Arn": .string(account.arn("lambda", "function:f")), "RetryPolicy": ["MaximumRetryAttempts": 2],
                "DeadLetterConfig": ["Arn": .string(account.arn("sqs", "dlq"))],
            ])
        try await account.put()
        await account.host.advance(byMs: 10_000)
        await account.host.advance(byMs: 10_000)
        #expect(account.lambda.calls.inputs.count == 3)
        let letter = try #require(try await account.received("dlq").first)
        let attributes = (letter["MessageAttributes"]?.object ?? [:]).map {
            ($0.key, $0.value["StringValue"]?.string ?? "")
        }
        #expect(
            Dictionary(uniqueKeysWithValues: attributes) == [
                "RULE_ARN": account.arn("events", "rule/r"), "TARGET_ARN": account.arn("lambda", "function:f"),
                "ERROR_CODE": "ERROR_FROM_TARGET", "ERROR_MESSAGE": "busy", "RETRY_ATTEMPTS": "2",
                "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
            ])
        #expect(letter["Body"]?.string?.contains(#""source":"shop""#) == true)
    }

    @Test("that are gone are not tried again")
    func gone() async throws {
        let account = try await Account()
        try await account.queue("dlq")
        try await account.rule(
            #"{"source":["shop"]}"#,
            [
                "Arn": .string(account.arn("sqs", "absent")),
                "DeadLetterConfig": ["Arn": .string(account.arn("sqs", "dlq"))],
            ])
        try await account.put()
        let letter = try #require(try await account.received("dlq").first)
        #expect(letter["MessageAttributes"]?["ERROR_CODE"]?["StringValue"] == "NO_RESOURCE")
        #expect(letter["MessageAttributes"]?["EXHAUSTED_RETRY_CONDITION"] == nil)
    }

    @Test("API destinations get requests with what the connection adds")
    func destination() async throws {
        let account = try await Account()
        let connection = try await account.events(
            "CreateConnection",
            [
                "Name": "c", "AuthorizationType": "BASIC",
                "AuthParameters": [
                    "BasicAuthParameters": ["Username": "u", "Password": "p"],
                    "InvocationHttpParameters": [
                        "HeaderParameters": [["Key": "x-a", "Value": "1"]],
                        "QueryStringParameters": [["Key": "q", "Value": "a b"]],
                        "BodyParameters": [["Key": "extra", "Value": "e"]],
                    ],
                ],
            ])
        let destination = try await account.events(
            "CreateApiDestination",
            [
                "Name": "d", "ConnectionArn": connection["ConnectionArn"] ?? "", "HttpMethod": "PUT",
                "InvocationEndpoint": "https://example.com/*/x",
            ])
        try await account.rule(
            #"{"source":["shop"]}"#,
            [
                "Arn": destination["ApiDestinationArn"] ?? "", "Input": #"{"a":1}"#,
                "HttpParameters": ["PathParameterValues": ["one"], "HeaderParameters": ["x-b": "2"]],
            ])
        await account.host.http.prepare([HTTPResponse(status: 503), HTTPResponse(status: 200)])
        try await account.put()
        await account.host.advance(byMs: 2000)
        let sent = await account.host.http.sent
        #expect(sent.count == 2)
        let (request, url) = try #require(sent.last)
        #expect(url == "https://example.com/one/x?q=a%20b")
        #expect(request.method == "PUT")
        #expect(request.headers["authorization"] == "Basic dTpw")
        #expect(request.headers["x-a"] == "1")
        #expect(request.headers["x-b"] == "2")
        #expect(request.body == .bytes(Array(#"{"a":1,"extra":"e"}"#.utf8)))
    }

    /// A target, the message of the refusal.
    static let refusals: [(JSON, String)] = [
        (["Arn": "x"], "Parameter x is not valid. Reason: Provided Arn is not in correct format."),
        (
            ["Arn": "arn:aws:sqs:us-east-1:000000000000:q.fifo"],
            "Parameter(s) SqsParameters must be specified for target: t."
        ),
        (
            ["Arn": "arn:aws:sqs:us-east-1:000000000000:q", "Input": "{"],
            "Parameter Input is not valid. Reason: JSON syntax error in input for target t."
        ),
        (
            ["Arn": "arn:aws:sqs:us-east-1:000000000000:q", "Input": "{}", "InputPath": "$"],
            "Only one of Input, InputPath, or InputTransformer must be provided for target t."
        ),
        (
            ["Arn": "arn:aws:sqs:us-east-1:000000000000:q", "InputTransformer": ["InputTemplate": "<x>"]],
            "InputTemplate for target t contains invalid placeholder x."
        ),
    ]

    @Test("that are wrong are refused", arguments: refusals)
    func refused(target: JSON, message: String) async throws {
        let account = try await Account()
        try await account.events("PutRule", ["Name": "r", "EventPattern": #"{"source":["s"]}"#])
        var settings = target
        settings["Id"] = "t"
        let error = await account.failure("PutTargets", ["Rule": "r", "Targets": [settings]])
        #expect(error == AWSError("ValidationException", message))
    }

    @Test("of services that are not here are failed entries")
    func unknownService() async throws {
        let account = try await Account()
        try await account.events("PutRule", ["Name": "r", "EventPattern": #"{"source":["s"]}"#])
        let answer = try await account.events(
            "PutTargets",
            ["Rule": "r", "Targets": [["Id": "t", "Arn": "arn:aws:firehose:us-east-1:000000000000:deliverystream/d"]]])
        #expect(answer["FailedEntryCount"] == 1)
        #expect(answer["FailedEntries"]?[0]?["ErrorCode"] == "UnknownService")
    }
}
