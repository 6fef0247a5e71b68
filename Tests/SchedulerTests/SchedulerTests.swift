import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import SQS
import Synchronization
import Testing

@testable import Scheduler

/// A Baton with schedules, real queues and a pretended Lambda.
struct Account {
    let host: TestHost
    let lambda = PretendedLambda()

    init(_ place: Store.Place = .memory, clock: ControlledClock = ControlledClock()) async throws {
        host = try await TestHost([SQS(), lambda, Scheduler()], place: place, clock: clock)
        _ = await host.failure("sqs", "CreateQueue", ["QueueName": "q"])
        _ = await host.failure("sqs", "CreateQueue", ["QueueName": "dlq"])
    }

    @discardableResult
    func scheduler(_ operation: String, _ input: JSON = [:]) async throws -> JSON {
        try await host.call("scheduler", operation, input)
    }

    static let role = JSON.string("arn:aws:iam::000000000000:role/r")
    static let queue: JSON = ["Arn": "arn:aws:sqs:us-east-1:000000000000:q", "RoleArn": role, "Input": "x"]

    static func input(_ expression: String, _ more: JSON = [:]) -> JSON {
        var input: JSON = [
            "Name": "s", "ScheduleExpression": .string(expression), "FlexibleTimeWindow": ["Mode": "OFF"],
            "Target": queue,
        ]
        for (name, value) in more.object ?? [:] { input[name] = value }
        return input
    }

    @discardableResult
    func create(_ expression: String, _ more: JSON = [:]) async throws -> JSON {
        let answer = try await scheduler("CreateSchedule", Self.input(expression, more))
        await host.host.store.due.idle()
        return answer
    }

    func received(_ queue: String = "q") async throws -> [JSON] {
        let url = JSON.string("http://localhost:4566/000000000000/\(queue)")
        let answer = try await host.call(
            "sqs", "ReceiveMessage", ["QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]])
        for message in answer["Messages"]?.array ?? [] {
            try await host.call(
                "sqs", "DeleteMessage", ["QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] ?? ""])
        }
        return answer["Messages"]?.array ?? []
    }

    func bodies(_ queue: String = "q") async throws -> [String] {
        try await received(queue).compactMap { $0["Body"]?.string }
    }

    /// A time from now on, as `at` writes it.
    func text(inMs milliseconds: Int64) -> String {
        String(Timestamp.iso8601((host.clock.nowMs + milliseconds) / 1000 * 1000).dropLast())
    }
}

final class PretendedLambda: Service {
    static let id = "lambda"
    static let operations: [any BatonCore.Operation.Type] = [Invoke.self]
    static let migrations: [Migration] = []
    let inputs = Mutex<[JSON]>([])
    let isBusy = Mutex(false)

    enum Invoke: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Nothing {
            let lambda = context.service(PretendedLambda.self)
            lambda.inputs.withLock { $0.append(input) }
            guard !lambda.isBusy.withLock({ $0 }) else { throw AWSError("ServiceException", "busy", status: 500) }
            return Nothing()
        }
    }
}

@Suite("Schedules")
struct ScheduleTests {
    @Test("run once at a time")
    func once() async throws {
        let account = try await Account()
        try await account.create("at(\(account.text(inMs: 60_000)))")
        await account.host.advance(byMs: 58_000)
        #expect(try await account.bodies().isEmpty)
        await account.host.advance(byMs: 2000)
        #expect(try await account.bodies() == ["x"])
        #expect(try await account.scheduler("GetSchedule", ["Name": "s"])["State"] == "ENABLED")
    }

    @Test("that run once may delete themselves")
    func deletesItself() async throws {
        let account = try await Account()
        try await account.create("at(\(account.text(inMs: 60_000)))", ["ActionAfterCompletion": "DELETE"])
        await account.host.advance(byMs: 60_000)
        #expect(try await account.bodies() == ["x"])
        #expect(
            await account.host.failure("scheduler", "GetSchedule", ["Name": "s"])?.message
                == "Schedule s does not exist.")
    }

    @Test("run at a rate between start and end")
    func rate() async throws {
        let account = try await Account()
        let start = Double(account.host.clock.nowMs) / 1000 + 600
        try await account.create(
            "rate(5 minutes)",
            ["StartDate": .number(start), "EndDate": .number(start + 600), "ActionAfterCompletion": "DELETE"])
        var counts: [Int] = []
        for _ in 0..<6 {
            await account.host.advance(byMs: 300_000)
            counts.append(try await account.bodies().count)
        }
        #expect(counts == [0, 1, 1, 1, 0, 0])
        #expect(try await account.scheduler("ListSchedules")["Schedules"] == [])
    }

    @Test("at a rate without a start run at once")
    func rateAtOnce() async throws {
        let account = try await Account()
        try await account.create("rate(1 hour)")
        #expect(try await account.bodies() == ["x"])
        await account.host.advance(byMs: 3_600_000)
        #expect(try await account.bodies() == ["x"])
    }

    @Test("with a window run somewhere inside of it")
    func window() async throws {
        let account = try await Account()
        try await account.create(
            "at(\(account.text(inMs: 60_000)))",
            ["FlexibleTimeWindow": ["Mode": "FLEXIBLE", "MaximumWindowInMinutes": 10]])
        await account.host.advance(byMs: 59_000)
        #expect(try await account.bodies().isEmpty)
        await account.host.advance(byMs: 601_000)
        #expect(try await account.bodies() == ["x"])
    }

    @Test("that are disabled do not run; an update replaces all")
    func update() async throws {
        let account = try await Account()
        try await account.create("rate(1 minute)", ["State": "DISABLED", "Description": "d"])
        await account.host.advance(byMs: 300_000)
        #expect(try await account.bodies().isEmpty)
        try await account.scheduler("UpdateSchedule", Account.input("rate(1 minute)"))
        await account.host.advance(byMs: 60_000)
        #expect(try await account.bodies() == ["x"])
        #expect(try await account.scheduler("GetSchedule", ["Name": "s"])["Description"] == nil)
        try await account.scheduler("DeleteSchedule", ["Name": "s"])
        await account.host.advance(byMs: 60_000)
        #expect(try await account.bodies().isEmpty)
    }

    @Test("missed while Baton did not run are made up for once")
    func restart() async throws {
        let folder = "/tmp/baton-scheduler-\(RandomSource().hex(8))"
        let clock = ControlledClock()
        let account = try await Account(.folder(folder), clock: clock)
        try await account.create("rate(1 hour)")
        #expect(try await account.bodies() == ["x"])
        await account.host.host.stop()
        clock.advance(byMs: 5 * 3_600_000 + 1000)
        let again = try await Account(.folder(folder), clock: clock)
        await again.host.host.store.due.idle()
        #expect(try await again.bodies() == ["x"])
        await again.host.advance(byMs: 3_600_000)
        #expect(try await again.bodies() == ["x"])
        await again.host.host.stop()
    }

    @Test("are made once for each token")
    func token() async throws {
        let account = try await Account()
        let first = try await account.create("rate(1 hour)", ["ClientToken": "t"])
        #expect(try await account.create("rate(1 hour)", ["ClientToken": "t"]) == first)
        let error = await account.host.failure(
            "scheduler", "CreateSchedule", Account.input("rate(1 hour)", ["ClientToken": "u"]))
        #expect(error == AWSError("ConflictException", "Schedule s already exists.", status: 409))
    }

    @Test("show what they were made with and the defaults")
    func described() async throws {
        let account = try await Account()
        let now = Timestamp.number(account.host.clock.nowMs)
        try await account.create("cron(0 3 * * ? *)", ["ScheduleExpressionTimezone": "Europe/Berlin"])
        var target = Account.queue
        target["RetryPolicy"] = ["MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185]
        let expected: JSON = [
            "Arn": "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s", "Name": "s", "GroupName": "default",
            "State": "ENABLED", "ScheduleExpression": "cron(0 3 * * ? *)",
            "ScheduleExpressionTimezone": "Europe/Berlin", "FlexibleTimeWindow": ["Mode": "OFF"],
            "ActionAfterCompletion": "NONE", "Target": target, "CreationDate": .number(now),
            "LastModificationDate": .number(now),
        ]
        #expect(try await account.scheduler("GetSchedule", ["Name": "s"]) == expected)
    }

    /// What is given besides the rest, the message of the refusal.
    static let refusals: [(JSON, String)] = [
        (["ScheduleExpression": "rate(10 seconds)"], "Invalid Schedule Expression rate(10 seconds)."),
        (["ScheduleExpressionTimezone": "Mars/Olympus"], "Invalid ScheduleExpressionTimezone Mars/Olympus."),
        (
            ["FlexibleTimeWindow": ["Mode": "FLEXIBLE"]],
            "MaximumWindowInMinutes must be specified for the mode FLEXIBLE."
        ),
        (["StartDate": 1], "The StartDate you specify cannot be earlier than 5 minutes ago."),
        (["GroupName": "g"], "Schedule group g does not exist."),
        (["Target": ["Arn": "x", "RoleArn": Account.role]], "Provided Arn is not in correct format: x"),
        (
            ["Target": ["Arn": "arn:aws:scheduler:::aws-sdk:sqs:receiveMessage", "RoleArn": Account.role]],
            "The operation receiveMessage is not supported as a universal target."
        ),
        (
            [
                "Target": [
                    "Arn": "arn:aws:events:us-east-1:000000000000:event-bus/default", "RoleArn": Account.role,
                    "EventBridgeParameters": ["Source": "aws.mine", "DetailType": "d"],
                ]
            ],
            "1 validation error detected: Value 'aws.mine' at 'target.eventBridgeParameters.source' failed to satisfy "
                + "constraint: Member must satisfy regular expression pattern: "
                + #"^(?=[/\.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)$"#
        ),
    ]

    @Test("are refused", arguments: refusals)
    func refused(more: JSON, message: String) async throws {
        let account = try await Account()
        let error = await account.host.failure("scheduler", "CreateSchedule", Account.input("rate(1 hour)", more))
        #expect(error?.message == message)
    }
}

@Suite("Targets of schedules")
struct ScheduleTargetTests {
    @Test("that are universal take any operation, with keywords in their input")
    func universal() async throws {
        let account = try await Account()
        let input =
            #"{"QueueUrl":"http://localhost:4566/000000000000/q","messageBody":"<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>"}"#
        let time = account.text(inMs: 60_000)
        try await account.create(
            "at(\(time))",
            [
                "Target": [
                    "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "RoleArn": Account.role,
                    "Input": .string(input),
                ]
            ])
        await account.host.advance(byMs: 60_000)
        #expect(
            try await account.bodies() == ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/s \(time)Z 1"])
    }

    @Test("without input get a notification")
    func notification() async throws {
        let account = try await Account()
        try await account.create(
            "rate(1 hour)", ["Target": ["Arn": "arn:aws:sqs:us-east-1:000000000000:q", "RoleArn": Account.role]])
        let body = try JSON.parse(try #require(try await account.bodies().first))
        #expect(body["detail-type"] == "Scheduled Event")
        #expect(body["resources"] == ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/s"])
        #expect(body["detail"] == "{}")
    }

    @Test("that fail for a while are tried again, then the input goes to the dead-letter queue")
    func retries() async throws {
        let account = try await Account()
        account.lambda.isBusy.withLock { $0 = true }
        let target: JSON = [
            "Arn": "arn:aws:lambda:us-east-1:000000000000:function:f", "RoleArn": Account.role, "Input": "{}",
            "RetryPolicy": ["MaximumRetryAttempts": 1],
            "DeadLetterConfig": ["Arn": "arn:aws:sqs:us-east-1:000000000000:dlq"],
        ]
        try await account.create("rate(1 day)", ["Target": target])
        await account.host.advance(byMs: 10_000)
        #expect(account.lambda.inputs.withLock { $0.count } == 2)
        let letter = try #require(try await account.received("dlq").first)
        #expect(letter["Body"] == "{}")
        let attributes = letter["MessageAttributes"]
        let expected = [
            "ERROR_CODE": "ServiceException", "ERROR_MESSAGE": "busy", "RETRY_ATTEMPTS": "1",
            "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts", "IS_PAYLOAD_TRUNCATED": "false",
            "TARGET_ARN": "arn:aws:lambda:us-east-1:000000000000:function:f",
        ]
        for (name, value) in expected { #expect(attributes?[name]?["StringValue"]?.string == value) }
    }
}

@Suite("Schedule groups")
struct ScheduleGroupTests {
    @Test("are created, listed, tagged and deleted with their schedules")
    func life() async throws {
        let account = try await Account()
        let made = try await account.scheduler(
            "CreateScheduleGroup", ["Name": "g", "Tags": [["Key": "k", "Value": "v"]]])
        let arn = try #require(made["ScheduleGroupArn"])
        #expect(arn == "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g")
        let names = try await account.scheduler("ListScheduleGroups")["ScheduleGroups"]?.array?.map { $0["Name"] }
        #expect(names == ["default", "g"])
        try await account.scheduler("TagResource", ["ResourceArn": arn, "Tags": [["Key": "l", "Value": "w"]]])
        try await account.scheduler("UntagResource", ["ResourceArn": arn, "TagKeys": ["k"]])
        let tags = try await account.scheduler("ListTagsForResource", ["ResourceArn": arn])["Tags"]
        #expect(tags == [["Key": "l", "Value": "w"]])
        try await account.create("rate(1 hour)", ["GroupName": "g", "State": "DISABLED"])
        #expect(try await account.scheduler("ListSchedules", ["GroupName": "g"])["Schedules"]?.array?.count == 1)
        try await account.scheduler("DeleteScheduleGroup", ["Name": "g"])
        #expect(try await account.scheduler("ListSchedules")["Schedules"] == [])
        let error = await account.host.failure("scheduler", "GetScheduleGroup", ["Name": "g"])
        #expect(error == AWSError("ResourceNotFoundException", "Schedule group g does not exist.", status: 404))
    }
}
