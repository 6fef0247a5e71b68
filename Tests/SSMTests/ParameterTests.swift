import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import EventBridge
import JSON
import SQS
import SecretsManager
import Testing

@testable import SSM

/// A Baton with parameters, secrets and a queue that gets all events of the Parameter Store.
struct Account {
    let host: TestHost

    init() async throws {
        host = try await TestHost([SQS(), EventBridge(), SecretsManager(), SSM()])
    }

    @discardableResult
    func call(_ operation: String, _ input: JSON = [:]) async throws -> JSON {
        try await host.call("ssm", operation, input)
    }

    func failure(_ operation: String, _ input: JSON = [:]) async -> String? {
        await host.failure("ssm", operation, input).map { $0.message.isEmpty ? $0.code : $0.description }
    }

    @discardableResult
    func put(_ name: String, _ value: String = "v", _ more: JSON = [:]) async throws -> JSON {
        var input: JSON = ["Name": .string(name), "Value": .string(value), "Type": "String"]
        for (key, member) in more.object ?? [:] { input[key] = member }
        return try await call("PutParameter", input)
    }

    func get(_ name: String, decrypted: Bool = false) async throws -> JSON {
        try await call("GetParameter", ["Name": .string(name), "WithDecryption": .bool(decrypted)])["Parameter"] ?? [:]
    }

    func value(_ name: String) async throws -> String? { try await get(name)["Value"]?.string }

    // MARK: Events

    func listen() async throws {
        try await host.call("sqs", "CreateQueue", ["QueueName": "q"])
        try await host.call("events", "PutRule", ["Name": "r", "EventPattern": #"{"source":["aws.ssm"]}"#])
        try await host.call(
            "events", "PutTargets",
            ["Rule": "r", "Targets": [["Id": "1", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"]]])
    }

    /// Kind and detail of each event since the last call.
    func events() async throws -> [(kind: String, detail: JSON)] {
        await host.host.store.due.idle()
        let url: JSON = "http://localhost:4566/000000000000/q"
        let answer = try await host.call("sqs", "ReceiveMessage", ["QueueUrl": url, "MaxNumberOfMessages": 10])
        var events: [(String, JSON)] = []
        for message in answer["Messages"]?.array ?? [] {
            try await host.call(
                "sqs", "DeleteMessage", ["QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] ?? ""])
            let event = try JSON.parse(message["Body"]?.string ?? "")
            events.append((event["detail-type"]?.string ?? "", event["detail"] ?? [:]))
        }
        return events
    }
}

/// Parameters: their names, values, versions and labels.
struct ParameterTests {
    private let account: Account

    init() async throws { account = try await Account() }

    @Test func aParameterIsFoundByNameAndARN() async throws {
        let made = try await account.put("/app/db/host", "localhost", ["Description": "d"])
        #expect(made == ["Version": 1, "Tier": "Standard"])
        let arn = "arn:aws:ssm:us-east-1:000000000000:parameter/app/db/host"
        let now = account.host.clock.nowMs
        for name in ["/app/db/host", arn, " /app/db/host "] {
            #expect(
                try await account.get(name) == [
                    "Name": "/app/db/host", "Type": "String", "Value": "localhost", "Version": 1,
                    "LastModifiedDate": .number(Timestamp.number(now)), "ARN": .string(arn), "DataType": "text",
                ])
        }
    }

    @Test func aSingleNameNeedsNoSlash() async throws {
        try await account.put("one")
        #expect(try await account.get("one")["ARN"] == "arn:aws:ssm:us-east-1:000000000000:parameter/one")
        #expect(try await account.get("/one")["Name"] == "/one")
        #expect(try await account.get("arn:aws:ssm:us-east-1:000000000000:parameter/one")["Name"] == "one")
        #expect(await account.failure("PutParameter", ["Name": "/one", "Value": "v", "Type": "String"]) != nil)
    }

    private static let path =
        "ValidationException: Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it "
        + "can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and "
        + "the following 3 symbols .-_"
    private static let prefix =
        "ValidationException: Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive)."
    private static let new: JSON = ["Value": "v", "Type": "String"]

    @Test(
        arguments: [
            ("PutParameter", ["Name": "a/b"], "ValidationException: Parameter name must be a fully qualified name."),
            ("PutParameter", ["Name": "/a//b"], path),
            ("PutParameter", ["Name": "/a b"], path),
            ("PutParameter", ["Name": "/ssm/x"], path),
            ("PutParameter", ["Name": "AWSx"], prefix),
            ("PutParameter", ["Name": "ssm"], prefix),
            (
                "PutParameter", ["Name": "/aws/x"],
                "AccessDeniedException: No access to reserved parameter name: /aws/x."
            ),
            (
                "PutParameter", ["Name": "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16"],
                "HierarchyLevelLimitExceededException: A hierarchy can have a maximum of 15 levels."
            ),
            (
                "PutParameter", ["Name": "p"],
                "ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
            ),
            (
                "PutParameter", ["Name": "n", "Value": ""],
                "ValidationException: 1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1."
            ),
            (
                "PutParameter", ["Name": "n", "Value": "{{ssm:x}}"],
                "ValidationException: Parameter value can't nest another parameter. Do not use \"{{}}\" in the value."
            ),
            (
                "PutParameter", ["Name": "n", "Type": .null],
                "ValidationException: A parameter type is required when you create a parameter."
            ),
            (
                "PutParameter", ["Name": "n", "DataType": "Text"],
                "ValidationException: The following data type is not supported: Text (Data type names are all lowercase.)"
            ),
            (
                "PutParameter", ["Name": "n", "AllowedPattern": #"^\d+$"#],
                #"ParameterPatternMismatchException: Parameter value, cannot be validated against allowedPattern: ^\d+$"#
            ),
            (
                "PutParameter", ["Name": "n", "AllowedPattern": "("],
                "InvalidAllowedPatternException: The allowedPattern ( is not a valid regular expression."
            ),
            (
                "PutParameter", ["Name": "p", "Overwrite": true, "Tags": [["Key": "k", "Value": "v"]]],
                "ValidationException: Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource."
            ),
            (
                "PutParameter", ["Name": "p", "Overwrite": true, "Type": "SecureString"],
                "HierarchyTypeMismatchException: Parameter Store doesn't support changing a parameter type. You must create a new, unique parameter."
            ),
            ("GetParameter", ["Name": "none"], "ParameterNotFound"),
            ("GetParameter", ["Name": "a/b"], path),
            (
                "GetParameter", ["Name": "p:2"],
                "ParameterVersionNotFound: Systems Manager could not find version 2 of p. Verify the version and try again."
            ),
            (
                "GetParameter", ["Name": "p:none"],
                "ParameterVersionNotFound: Systems Manager could not find label none for parameter p. Verify the label and try again."
            ),
            ("DeleteParameter", ["Name": "none"], "ParameterNotFound"),
            ("GetParameterHistory", ["Name": "none"], "ParameterNotFound"),
            (
                "LabelParameterVersion", ["Name": "p", "ParameterVersion": 9, "Labels": ["l"]],
                "ParameterVersionNotFound: Systems Manager could not find version 9 of p. Verify the version and try again."
            ),
            (
                "AddTagsToResource", ["ResourceType": "Parameter", "ResourceId": "none", "Tags": []],
                "InvalidResourceId"
            ),
            (
                "GetServiceSetting", ["SettingId": "/ssm/other"],
                "ServiceSettingNotFound: Setting /ssm/other not found."
            ),
        ] as [(String, JSON, String)])
    func refuses(_ operation: String, _ input: JSON, _ expected: String) async throws {
        try await account.put("p")
        var given = operation == "PutParameter" ? Self.new : [:]
        for (name, value) in input.object ?? [:] { given[name] = value.isNull ? nil : value }
        #expect(await account.failure(operation, given) == expected)
    }

    // MARK: Versions and labels

    @Test func anOverwriteKeepsWhatIsNotGiven() async throws {
        try await account.put("p", "1", ["Description": "d", "AllowedPattern": "[0-9]+"])
        let second = try await account.call("PutParameter", ["Name": "p", "Value": "2", "Overwrite": true])
        #expect(second["Version"] == 2)
        #expect(await account.failure("PutParameter", ["Name": "p", "Value": "x", "Overwrite": true]) != nil)
        #expect(try await account.value("p") == "2")
        #expect(try await account.value("p:1") == "1")
        #expect(try await account.get("p:1")["Selector"] == ":1")
        let history = try await account.call("GetParameterHistory", ["Name": "p"])["Parameters"]?.array ?? []
        #expect(history.compactMap { $0["Value"]?.string } == ["1", "2"])
        #expect(history.last?["Description"] == "d")
        #expect(history.last?["AllowedPattern"] == "[0-9]+")
    }

    @Test func labelsMoveBetweenVersions() async throws {
        try await account.put("p", "1")
        try await account.put("p", "2", ["Overwrite": true])
        let first = try await account.call(
            "LabelParameterVersion",
            ["Name": "p", "ParameterVersion": 1, "Labels": ["prod", "1st", "awsome", "a b", "old"]])
        #expect(first == ["InvalidLabels": ["1st", "awsome", "a b"], "ParameterVersion": 1])
        #expect(try await account.value("p:prod") == "1")
        #expect(
            try await account.call("LabelParameterVersion", ["Name": "p", "Labels": ["prod"]])["ParameterVersion"] == 2)
        #expect(try await account.value("p:prod") == "2")
        #expect(try await account.value("p:old") == "1")
        let removed = try await account.call(
            "UnlabelParameterVersion", ["Name": "p", "ParameterVersion": 1, "Labels": ["old", "prod"]])
        #expect(removed == ["RemovedLabels": ["old"], "InvalidLabels": ["prod"]])
        let eleven = (0...Limits.labels).map { JSON.string("l\($0)") }
        #expect(
            await account.failure("LabelParameterVersion", ["Name": "p", "Labels": .array(Array(eleven.dropLast()))])?
                .hasPrefix("ParameterVersionLabelLimitExceeded") == true)
    }

    @Test func aHundredVersionsAreKeptUnlessTheOldestHasALabel() async throws {
        try await account.put("p")
        for _ in 0..<Limits.versions { try await account.put("p", "v", ["Overwrite": true]) }
        #expect(await account.failure("GetParameter", ["Name": "p:1"]) != nil)
        try await account.call("LabelParameterVersion", ["Name": "p", "ParameterVersion": 2, "Labels": ["l"]])
        #expect(
            await account.failure("PutParameter", ["Name": "p", "Value": "v", "Overwrite": true])?
                .hasPrefix("ParameterMaxVersionLimitExceeded: You attempted to create a new version of p") == true)
        var (count, token): (Int, JSON?) = (0, nil)
        repeat {
            var input: JSON = ["Name": "p"]
            input["NextToken"] = token
            let page = try await account.call("GetParameterHistory", input)
            (count, token) = (count + (page["Parameters"]?.array?.count ?? 0), page["NextToken"])
        } while token != nil
        #expect(count == Limits.versions)
    }

    // MARK: Secure strings and secrets

    @Test func secureStringsAreShownToWhoAsks() async throws {
        try await account.put("p", "hidden", ["Type": "SecureString"])
        #expect(try await account.value("p") != "hidden")
        #expect(try await account.get("p", decrypted: true)["Value"] == "hidden")
        let described = try await account.call("DescribeParameters")["Parameters"]?[0]
        #expect(described?["KeyId"] == "alias/aws/ssm")
    }

    @Test func secretsAreParametersToo() async throws {
        try await account.host.call("secretsmanager", "CreateSecret", ["Name": "a/s", "SecretString": "hidden"])
        let name = "/aws/reference/secretsmanager/a/s"
        let got = try await account.get(name, decrypted: true)
        #expect(got["Name"]?.string == name)
        #expect(got["Value"] == "hidden")
        #expect(got["Type"] == "SecureString")
        let source = try JSON.parse(got["SourceResult"]?.string ?? "")
        #expect(source["name"] == "a/s")
        #expect(source["ARN"]?.string?.contains(":secretsmanager:") == true)
        #expect(try await account.get(name + ":AWSCURRENT", decrypted: true)["Selector"] == ":AWSCURRENT")
        #expect(
            await account.failure("GetParameter", ["Name": .string(name)])
                == "ValidationException: WithDecryption flag must be True for retrieving a Secret Manager secret.")
        #expect(
            await account.failure(
                "GetParameter", ["Name": "/aws/reference/secretsmanager/none", "WithDecryption": true])
                == "ParameterNotFound: An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret /aws/reference/secretsmanager/none not found."
        )
        try await account.put("p")
        let several = try await account.call(
            "GetParameters", ["Names": [.string(name), "none", "p", .string(name + "x")], "WithDecryption": true])
        #expect(several["Parameters"]?.array?.compactMap { $0["Value"]?.string } == ["hidden", "v"])
        #expect(several["InvalidParameters"] == ["none", .string(name + "x")])
    }

    // MARK: Tiers

    @Test(
        arguments: [
            (4096, nil, nil, "Standard"), (4097, "Advanced", nil, "Advanced"),
            (4097, "Intelligent-Tiering", nil, "Advanced"), (1, "Intelligent-Tiering", nil, "Standard"),
            (1, nil, "Advanced", "Advanced"), (4097, nil, "Intelligent-Tiering", "Advanced"),
            (8192, "Advanced", nil, "Advanced"),
            (4097, nil, nil, "Standard tier parameters support"),
            (8193, "Advanced", nil, "Advanced tier parameters support"),
        ] as [(Int, String?, String?, String)])
    func tiers(_ length: Int, _ tier: String?, _ preset: String?, _ expected: String) async throws {
        if let preset {
            try await account.call(
                "UpdateServiceSetting",
                ["SettingId": .string(ServiceSetting.defaultTier), "SettingValue": .string(preset)])
        }
        var input: JSON = ["Name": "p", "Type": "String", "Value": .string(String(repeating: "x", count: length))]
        input["Tier"] = tier.map { .string($0) }
        if expected.contains("support") {
            #expect(await account.failure("PutParameter", input)?.hasPrefix("ValidationException: \(expected)") == true)
        } else {
            #expect(try await account.call("PutParameter", input)["Tier"]?.string == expected)
        }
    }

    @Test func nothingGetsBackToTheStandardTier() async throws {
        try await account.put("p", "v", ["Tier": "Advanced"])
        #expect(try await account.put("p", "v", ["Overwrite": true])["Tier"] == "Advanced")
        #expect(
            await account.failure("PutParameter", ["Name": "p", "Value": "v", "Overwrite": true, "Tier": "Standard"])?
                .contains("can't downgrade") == true)
        let arn = "arn:aws:ssm:us-east-1:000000000000:servicesetting\(ServiceSetting.defaultTier)"
        let setting = try await account.call("GetServiceSetting", ["SettingId": .string(arn)])["ServiceSetting"]
        #expect(setting?["SettingValue"] == "Standard")
        #expect(setting?["Status"] == "Default")
    }

    @Test func tagsAreSetAndRemoved() async throws {
        let id: JSON = ["ResourceType": "Parameter", "ResourceId": "p"]
        try await account.put("p", "v", ["Tags": [["Key": "a", "Value": "1"]]])
        var input = id
        input["Tags"] = [["Key": "b", "Value": "2"]]
        try await account.call("AddTagsToResource", input)
        input = id
        input["TagKeys"] = ["a"]
        try await account.call("RemoveTagsFromResource", input)
        // A new version keeps them.
        try await account.put("p", "w", ["Overwrite": true])
        #expect(try await account.call("ListTagsForResource", id)["TagList"] == [["Key": "b", "Value": "2"]])
    }

    @Test func severalAreDeletedAtOnce() async throws {
        try await account.put("a")
        try await account.put("/b/c")
        let deleted = try await account.call("DeleteParameters", ["Names": ["a", "none", "/b/c"]])
        #expect(deleted == ["DeletedParameters": ["a", "/b/c"], "InvalidParameters": ["none"]])
        #expect(try await account.call("DescribeParameters")["Parameters"] == [])
    }
}
