import AWSWire
import BatonCore
import BatonTesting
import JSON
import Testing

@testable import StepFunctions

@Suite("State machines")
struct MachineTests {
    @Test(
        "have names",
        arguments: [
            ("a", true), ("A-b_9.c", true), ("ä", true), (String(repeating: "a", count: 80), true), ("a b", false),
            ("a\tb", false), ("a<b", false), ("a}b", false), ("a?b", false), ("a*b", false), ("a\"b", false),
            ("a#b", false), ("a%b", false), ("a\\b", false), ("a^b", false), ("a|b", false), ("a~b", false),
            ("a`b", false), ("a$b", false), ("a&b", false), ("a,b", false), ("a;b", false), ("a:b", false),
            ("a/b", false), ("a\u{1F}", false), ("a\u{7F}", false), ("a\u{FFFE}", false),
        ])
    func names(name: String, isAccepted: Bool) async throws {
        let host = try await MachineHost()
        let error = await host.failure("CreateActivity", ["name": .string(name)])
        #expect(error == (isAccepted ? nil : AWSError("InvalidName", "Invalid Name: '\(name)'")))
    }

    @Test("are created once")
    func idempotency() async throws {
        let host = try await MachineHost()
        let first = try await host.machine()
        #expect(first["stateMachineArn"]?.string == MachineHost.arn)
        let same: [JSON.Object] = [
            [:], ["roleArn": "arn:aws:iam::000000000000:role/other"], ["tags": [["key": "a", "value": "b"]]],
            ["type": "STANDARD"], ["loggingConfiguration": ["level": "OFF"]], ["publish": false],
        ]
        for more in same { #expect(try await host.machine(more) == first) }
        let others: [JSON.Object] = [
            ["definition": .string(MachineHost.wait)], ["type": "EXPRESS"], ["publish": true],
            ["tracingConfiguration": ["enabled": true]],
            ["encryptionConfiguration": ["type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"]],
        ]
        for more in others {
            #expect(
                await host.failure("CreateStateMachine", MachineHost.creation(more))
                    == AWSError("StateMachineAlreadyExists", "State Machine Already Exists: '\(MachineHost.arn)'"))
        }
    }

    @Test(
        "are found by their ARN",
        arguments: [
            ("m", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: m'"),
            (
                "arn:aws:sqs:us-east-1:000000000000:m", "InvalidArn",
                "Invalid Arn: 'Invalid ARN: arn:aws:sqs:us-east-1:000000000000:m'"
            ),
            (
                "arn:aws:states:us-east-1:000000000000:express:m:a:b", "InvalidArn",
                "Invalid Arn: 'Resource type not valid in this context: express'"
            ),
            (MachineHost.arn, "StateMachineDoesNotExist", "State Machine Does Not Exist: '\(MachineHost.arn)'"),
            (
                "\(MachineHost.arn):1", "StateMachineDoesNotExist",
                "State Machine Does Not Exist: '\(MachineHost.arn):1'"
            ),
        ])
    func unknown(arn: String, code: String, message: String) async throws {
        let host = try await MachineHost()
        #expect(
            await host.failure("DescribeStateMachine", ["stateMachineArn": .string(arn)]) == AWSError(code, message))
    }

    @Test("get a new revision with each change")
    func revisions() async throws {
        let host = try await MachineHost()
        try await host.machine()
        let arn: JSON = .string(MachineHost.arn)
        #expect(try await host.call("DescribeStateMachine", ["stateMachineArn": arn])["revisionId"] == nil)
        let same = try await host.call(
            "UpdateStateMachine", ["stateMachineArn": arn, "definition": .string(MachineHost.pass)])
        #expect(same["revisionId"] == nil)
        let changed = try await host.call(
            "UpdateStateMachine", ["stateMachineArn": arn, "definition": .string(MachineHost.wait)])
        let described = try await host.call("DescribeStateMachine", ["stateMachineArn": arn])
        #expect(changed["revisionId"] == described["revisionId"] && described["revisionId"] != nil)
        #expect(described["definition"]?.string == MachineHost.wait)
        #expect(
            await host.failure("UpdateStateMachine", ["stateMachineArn": arn])?.code == "MissingRequiredParameter")
    }

    @Test("have versions that are numbered once")
    func versions() async throws {
        let host = try await MachineHost()
        try await host.machine()
        let arn: JSON = .string(MachineHost.arn)
        func publish(_ more: JSON.Object = [:]) async throws -> String? {
            var input = more
            input["stateMachineArn"] = arn
            let answer = try await host.call("PublishStateMachineVersion", .object(input))
            return answer["stateMachineVersionArn"]?.string?.split(separator: ":").last.map(String.init)
        }
        #expect(try await publish(["revisionId": "INITIAL"]) == "1")
        #expect(try await publish() == "1")
        #expect(
            await host.failure("PublishStateMachineVersion", ["stateMachineArn": arn, "revisionId": "x"])
                == AWSError(
                    "ConflictException",
                    "Failed to publish the State Machine version for revision x. "
                        + "The current State Machine revision is INITIAL."))
        try await host.call(
            "DeleteStateMachineVersion", ["stateMachineVersionArn": .string("\(MachineHost.arn):1")])
        #expect(try await publish() == "2")
        try await host.call(
            "UpdateStateMachine", ["stateMachineArn": arn, "definition": .string(MachineHost.wait), "publish": true])
        let listed = try await host.call("ListStateMachineVersions", ["stateMachineArn": arn])
        let numbers = listed["stateMachineVersions"]?.array?.compactMap {
            $0["stateMachineVersionArn"]?.string?.split(separator: ":").last.map(String.init)
        }
        #expect(numbers == ["3", "2"])
    }

    @Test(
        "have aliases that route to versions of them",
        arguments: [
            ([("1", 100)], nil), ([("1", 50), ("2", 50)], nil), ([("1", 0), ("2", 100)], nil),
            ([("1", 99)], "Sum of routing configuration weights must equal 100. Received: [99]"),
            (
                [("1", 50), ("1", 50)],
                "Routing configuration must contain distinct state machine version ARNs. Received: "
                    + "[\(MachineHost.arn):1, \(MachineHost.arn):1]"
            ), ([("3", 100)], "Request references a resource that does not exist."),
        ] as [([(String, Int)], String?)])
    func aliases(routes: [(String, Int)], refusal: String?) async throws {
        let host = try await MachineHost()
        try await host.machine(["publish": true])
        try await host.call(
            "UpdateStateMachine",
            ["stateMachineArn": .string(MachineHost.arn), "definition": .string(MachineHost.wait), "publish": true])
        let routing = JSON.array(
            routes.map { ["stateMachineVersionArn": .string("\(MachineHost.arn):\($0.0)"), "weight": .number($0.1)] })
        let error = await host.failure(
            "CreateStateMachineAlias", ["name": "live", "routingConfiguration": routing])
        #expect(error?.message == refusal)
    }

    @Test("are chosen by an alias by weight", arguments: [(0, 1), (29, 1), (30, 2), (99, 2)])
    func weights(percent: Int, version: Int) async throws {
        let host = try await MachineHost()
        try await host.machine(["publish": true])
        try await host.call(
            "UpdateStateMachine",
            ["stateMachineArn": .string(MachineHost.arn), "definition": .string(MachineHost.wait), "publish": true])
        try await host.call(
            "CreateStateMachineAlias",
            [
                "name": "live",
                "routingConfiguration": [
                    ["stateMachineVersionArn": .string("\(MachineHost.arn):1"), "weight": 30],
                    ["stateMachineVersionArn": .string("\(MachineHost.arn):2"), "weight": 70],
                ],
            ])
        let alias = try host.host.context().read { db in try Alias.find("live", machine: 1, db) }
        #expect(alias?.pick(percent) == version)
        let resolved = try host.host.context().resolveMachine("\(MachineHost.arn):live")
        #expect(resolved.aliasArn == "\(MachineHost.arn):live" && resolved.arn == MachineHost.arn)
        #expect(resolved.versionArn == "\(MachineHost.arn):1" || resolved.versionArn == "\(MachineHost.arn):2")
    }

    @Test(
        "log to exactly one group that exists",
        arguments: [
            ([:], nil), (["level": "OFF"], nil), (["destinations": []], nil),
            (["level": "ALL"], "Must specify exactly one Log Destination."),
            (["level": "ALL", "destinations": [destination("g")]], nil),
            (
                ["level": "ALL", "destinations": [destination("g"), destination("g")]],
                "Must specify exactly one Log Destination."
            ),
            (["level": "ALL", "destinations": [destination("other")]], "Log Destination not found."),
        ] as [(JSON, String?)])
    func logging(configuration: JSON, refusal: String?) async throws {
        let host = try await MachineHost()
        try await host.host.call("logs", "CreateLogGroup", ["logGroupName": "g"])
        let error = await host.failure(
            "CreateStateMachine", MachineHost.creation(["loggingConfiguration": configuration]))
        #expect(error?.message == refusal.map { "Invalid Logging Configuration: \($0)" })
    }

    private static func destination(_ group: String) -> JSON {
        ["cloudWatchLogsLogGroup": ["logGroupArn": .string("arn:aws:logs:us-east-1:000000000000:log-group:\(group):*")]]
    }

    @Test("and activities have tags, versions have none")
    func tags() async throws {
        let host = try await MachineHost()
        try await host.machine(["publish": true, "tags": [["key": "a", "value": "1"]]])
        let activity = try await host.call("CreateActivity", ["name": "a"])["activityArn"] ?? ""
        for arn in [.string(MachineHost.arn), activity] {
            try await host.call(
                "TagResource",
                ["resourceArn": arn, "tags": [["key": "a", "value": "2"], ["key": "b", "value": "3"]]])
            try await host.call("UntagResource", ["resourceArn": arn, "tagKeys": ["b", "c"]])
            #expect(
                try await host.call("ListTagsForResource", ["resourceArn": arn])["tags"]
                    == [["key": "a", "value": "2"]])
        }
        let version: JSON = .string("\(MachineHost.arn):1")
        #expect(
            await host.failure("ListTagsForResource", ["resourceArn": version])
                == AWSError("ResourceNotFound", "Resource not found: '\(MachineHost.arn):1'"))
        let many = JSON.array((0..<51).map { ["key": .string("k\($0)"), "value": ""] })
        #expect(
            await host.failure("TagResource", ["resourceArn": .string(MachineHost.arn), "tags": many])?.code
                == "TooManyTags")
    }

    @Test("are listed in pages")
    func pages() async throws {
        let host = try await MachineHost()
        for name in ["a", "b", "c"] { try await host.machine(["name": .string(name)]) }
        let first = try await host.call("ListStateMachines", ["maxResults": 2])
        #expect(first["stateMachines"]?.array?.compactMap { $0["name"]?.string } == ["a", "b"])
        let second = try await host.call("ListStateMachines", ["nextToken": first["nextToken"] ?? ""])
        #expect(second["stateMachines"]?.array?.compactMap { $0["name"]?.string } == ["c"])
        #expect(second["nextToken"] == nil)
        #expect(await host.failure("ListStateMachines", ["nextToken": "?"])?.code == "InvalidToken")
    }

    // MARK: Deletion

    private func start(_ machine: ResolvedMachine, _ host: MachineHost) async -> AWSError? {
        let context = host.host.host.context(account: "000000000000", region: "us-east-1")
        do throws(AWSError) {
            _ = try await context.engine.start(ExecutionStart(machine, context, name: nil, input: "{}"), context)
            return nil
        } catch {
            return error
        }
    }

    @Test("an execution that was about to start when its machine was deleted does not", arguments: [false, true])
    func startWhileDeleting(runs: Bool) async throws {
        let host = try await MachineHost()
        try await host.machine(["definition": .string(MachineHost.wait)])
        let context = host.host.host.context(account: "000000000000", region: "us-east-1")
        let found = try context.resolveMachine(MachineHost.arn)
        if runs { #expect(await start(found, host) == nil) }
        try await host.call("DeleteStateMachine", ["stateMachineArn": .string(MachineHost.arn)])
        #expect(await start(found, host)?.code == (runs ? "StateMachineDeleting" : "StateMachineDoesNotExist"))
    }

    @Test("what an ARN means is looked up again after each change")
    func changes() async throws {
        let host = try await MachineHost()
        try await host.machine(["publish": true])
        let version = "\(MachineHost.arn):1"
        let context = host.host.host.context(account: "000000000000", region: "us-east-1")
        let first = try context.resolveMachine(MachineHost.arn).revision.id
        #expect(try context.resolveMachine(MachineHost.arn).revision.id == first)
        #expect(try context.resolveMachine(version).revision.id == first)
        try await host.call(
            "UpdateStateMachine",
            ["stateMachineArn": .string(MachineHost.arn), "definition": .string(MachineHost.wait)])
        #expect(try context.resolveMachine(MachineHost.arn).revision.id != first)
        #expect(try context.resolveMachine(version).revision.id == first)
        try await host.call("DeleteStateMachineVersion", ["stateMachineVersionArn": .string(version)])
        #expect(throws: AWSError.self) { try context.resolveMachine(version) }
        try await host.call("DeleteStateMachine", ["stateMachineArn": .string(MachineHost.arn)])
        #expect(throws: AWSError.self) { try context.resolveMachine(MachineHost.arn) }
    }
}
