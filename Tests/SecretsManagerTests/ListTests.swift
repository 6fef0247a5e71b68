import AWSWire
import BatonTesting
import JSON
import Testing

@testable import SecretsManager

/// Lists, their filters and their order; batches; passwords; policies; replicas.
struct ListTests {
    private let account: Account

    init() async throws {
        account = try await Account()
        let secrets: [(String, JSON)] = [
            ("prod/db", ["Description": "Password of the Database", "Tags": [["Key": "team", "Value": "data"]]]),
            ("prod/MyApiKey", ["Description": "key for partners", "Tags": [["Key": "Team", "Value": "web"]]]),
            ("dev/db", [:]),
            ("events!connection/c/1", ["Description": "auth"]),
        ]
        for (name, more) in secrets {
            try await account.create(name, "v of \(name)", more)
            await account.host.advance(byMs: 1000)
        }
    }

    private func names(_ input: JSON) async throws -> String {
        let list = try await account.call("ListSecrets", input)["SecretList"]?.array ?? []
        return list.compactMap { $0["Name"]?.string }.joined(separator: " ")
    }

    @Test(
        arguments: [
            (["name: prod"], "prod/db prod/MyApiKey"),
            (["name: Prod"], ""),
            (["name: prod/m"], ""),
            (["name: prod", "name: prod/d"], "prod/db"),
            (["name: dev,prod/db"], "prod/db dev/db"),
            (["name: !prod"], "dev/db events!connection/c/1"),
            (["description: pass"], "prod/db"),
            (["description: the pass"], "prod/db"),
            (["description: word"], ""),
            (["tag-key: team"], "prod/db"),
            (["tag-key: Te", "tag-value: web"], "prod/MyApiKey"),
            (["tag-value: d"], "prod/db"),
            (["all: db"], "prod/db dev/db"),
            (["all: api"], "prod/MyApiKey"),
            (["all: PARTNERS"], "prod/MyApiKey"),
            (["all: data"], "prod/db"),
            (["owning-service: events"], "events!connection/c/1"),
            (["primary-region: us-east-1"], "prod/db prod/MyApiKey dev/db events!connection/c/1"),
        ] as [([String], String)])
    func filters(_ filters: [String], _ expected: String) async throws {
        let list = filters.map { text -> JSON in
            let parts = text.split(separator: ": ").map(String.init)
            return [
                "Key": .string(parts[0]),
                "Values": .array(parts[1].split(separator: ",").map { .string(String($0)) }),
            ]
        }
        #expect(try await names(["Filters": .array(list)]) == expected)
    }

    @Test(
        arguments: [
            ("My/Secret", ["my", "secret"]), ("MySecret", ["my", "secret"]), ("my/secret+value", ["my/secret+value"]),
            ("API", ["api"]), ("one two", ["one", "two"]), ("-", []), ("", []),
        ] as [(String, [String])])
    func words(_ text: String, _ expected: [String]) { #expect(SecretFilter.words(text) == expected) }

    @Test(
        arguments: [
            ([:], "prod/db prod/MyApiKey dev/db events!connection/c/1"),
            (["SortOrder": "desc"], "events!connection/c/1 dev/db prod/MyApiKey prod/db"),
            (["SortBy": "name"], "dev/db events!connection/c/1 prod/MyApiKey prod/db"),
            (["SortBy": "name", "SortOrder": "desc"], "prod/db prod/MyApiKey events!connection/c/1 dev/db"),
        ] as [(JSON, String)])
    func order(_ input: JSON, _ expected: String) async throws {
        #expect(try await names(input) == expected)
        var (input, all) = (input, [String]())
        input["MaxResults"] = 3
        repeat {
            let page = try await account.call("ListSecrets", input)
            all += (page["SecretList"]?.array ?? []).compactMap { $0["Name"]?.string }
            input["NextToken"] = page["NextToken"]
        } while input["NextToken"] != nil
        #expect(all.joined(separator: " ") == expected)
    }

    @Test func aChangeMovesASecretInTheOrderOfChanges() async throws {
        _ = try await account.put("prod/db", "new", Account.token(1))
        #expect(try await names(["SortBy": "last-changed-date", "SortOrder": "desc"]).hasPrefix("prod/db "))
        _ = try await account.value("dev/db")
        #expect(try await names(["SortBy": "last-accessed-date", "SortOrder": "desc"]).hasPrefix("dev/db "))
    }

    @Test func batches() async throws {
        try await account.call("DeleteSecret", ["SecretId": "dev/db"])
        let got = try await account.call(
            "BatchGetSecretValue", ["SecretIdList": ["prod/db", "none", "dev/db"]])
        #expect(got["SecretValues"]?.array?.compactMap { $0["SecretString"]?.string } == ["v of prod/db"])
        #expect(
            got["Errors"] == [
                [
                    "SecretId": "none", "ErrorCode": "ResourceNotFoundException",
                    "Message": "Secrets Manager can't find the specified secret.",
                ],
                [
                    "SecretId": "dev/db", "ErrorCode": "InvalidRequestException",
                    "Message": "You can't perform this operation on the secret because it was marked for deletion.",
                ],
            ])
        let filter: JSON = [["Key": "name", "Values": ["prod", "dev"]]]
        let first = try await account.call("BatchGetSecretValue", ["Filters": filter, "MaxResults": 1])
        #expect(first["SecretValues"]?.array?.compactMap { $0["Name"]?.string } == ["prod/db"])
        let second = try await account.call(
            "BatchGetSecretValue", ["Filters": filter, "MaxResults": 1, "NextToken": first["NextToken"] ?? ""])
        #expect(second["SecretValues"]?.array?.compactMap { $0["Name"]?.string } == ["prod/MyApiKey"])
        #expect(second["NextToken"] == nil)
    }

    // MARK: Passwords

    @Test(
        arguments: [
            ([:], 32, "aA0!"),
            (["PasswordLength": 4], 4, "aA0!"),
            (["PasswordLength": 5, "IncludeSpace": true], 5, "aA0! "),
            (["PasswordLength": 1, "RequireEachIncludedType": false], 1, ""),
            (["ExcludePunctuation": true, "ExcludeUppercase": true], 32, "a0"),
            (["ExcludeLowercase": true, "ExcludeNumbers": true, "ExcludeCharacters": "!\"#$%&"], 32, "A!"),
            (["PasswordLength": 4096], 4096, "aA0!"),
        ] as [(JSON, Int, String)])
    func passwords(_ input: JSON, _ length: Int, _ types: String) async throws {
        let password = try await account.call("GetRandomPassword", input)["RandomPassword"]?.string ?? ""
        #expect(password.count == length)
        func type(_ character: Character) -> Character {
            character.isLowercase
                ? "a" : character.isUppercase ? "A" : character.isNumber ? "0" : character == " " ? " " : "!"
        }
        if !types.isEmpty { #expect(Set(password.map(type)) == Set(types)) }
        for character in input["ExcludeCharacters"]?.string ?? "" { #expect(!password.contains(character)) }
    }

    // MARK: Policies

    private static func policy(_ principal: String, _ more: String = "") -> JSON {
        .string(
            #"{"Statement":[{"Effect":"Allow","Principal":\#(principal),"Action":"secretsmanager:*","Resource":"*"\#(more)}]}"#
        )
    }

    @Test func policiesAreKeptAndChecked() async throws {
        let policy = Self.policy(#"{"AWS":"arn:aws:iam::000000000000:root"}"#)
        try await account.call("PutResourcePolicy", ["SecretId": "prod/db", "ResourcePolicy": policy])
        #expect(try await account.call("GetResourcePolicy", ["SecretId": "prod/db"])["ResourcePolicy"] == policy)
        try await account.call("DeleteResourcePolicy", ["SecretId": "prod/db"])
        #expect(try await account.call("GetResourcePolicy", ["SecretId": "prod/db"])["ResourcePolicy"] == nil)
    }

    @Test(
        arguments: [
            (policy(#"{"AWS":"arn:aws:iam::000000000000:root"}"#), "", nil),
            (policy(#""*""#), "Zelkova Check", "PublicPolicyException"),
            (policy(#"{"AWS":["*"]}"#), "Zelkova Check", "PublicPolicyException"),
            (policy(#""*""#, #","Condition":{"StringEquals":{"aws:SourceAccount":"1"}}"#), "", nil),
            (#"{"Statement":[{"Effect":"AllowSomething"}]}"#, "Syntax Check", "MalformedPolicyDocumentException"),
            ("[]", "Syntax Check", "MalformedPolicyDocumentException"),
        ] as [(JSON, String, String?)])
    func policyChecks(_ policy: JSON, _ check: String, _ code: String?) async throws {
        let answer = try await account.call("ValidateResourcePolicy", ["ResourcePolicy": policy])
        #expect(answer["PolicyValidationPassed"]?.bool == check.isEmpty)
        #expect(answer["ValidationErrors"]?[0]?["CheckName"]?.string ?? "" == check)
        let failure = await account.failure(
            "PutResourcePolicy", ["SecretId": "dev/db", "ResourcePolicy": policy, "BlockPublicPolicy": true])
        #expect(failure.map { String($0.prefix { $0 != ":" }) } == code)
    }

    // MARK: Replicas

    @Test func aReplicaShowsItsPrimaryAndCanBePromoted() async throws {
        let (here, there) = ("us-east-1", "eu-west-1")
        let added = try await account.call(
            "ReplicateSecretToRegions", ["SecretId": "prod/db", "AddReplicaRegions": [["Region": .string(there)]]])
        #expect(added["ReplicationStatus"]?[0]?["Status"] == "InSync")
        let seen = try await account.call("DescribeSecret", ["SecretId": "prod/db"], region: there)
        #expect(seen["ARN"]?.string == added["ARN"]?.string?.replacing(here, with: there))
        #expect(seen["PrimaryRegion"]?.string == here)
        _ = try await account.put("prod/db", "new", Account.token(1))
        #expect(
            try await account.call("GetSecretValue", ["SecretId": "prod/db"], region: there)["SecretString"] == "new")
        #expect(
            await account.failure("PutSecretValue", ["SecretId": "prod/db", "SecretString": "x"], region: there)
                == "InvalidParameterException: Operation not permitted on a replica secret. Call must be made in primary secret's region."
        )
        #expect(
            await account.failure("DeleteSecret", ["SecretId": "prod/db"])
                == "InvalidParameterException: You can't delete secret prod/db that still has replica regions [eu-west-1]"
        )
        try await account.call("StopReplicationToReplica", ["SecretId": "prod/db"], region: there)
        try await account.call("DeleteSecret", ["SecretId": "prod/db", "ForceDeleteWithoutRecovery": true])
        #expect(
            try await account.call("GetSecretValue", ["SecretId": "prod/db"], region: there)["SecretString"] == "new")
    }

    @Test func aNameThatIsTakenStopsAReplica() async throws {
        try await account.call("CreateSecret", ["Name": "s", "SecretString": "theirs"], region: "eu-west-1")
        let made = try await account.create("s", "ours", ["AddReplicaRegions": [["Region": "eu-west-1"]]])
        #expect(made["ReplicationStatus"]?[0]?["Status"] == "Failed")
        #expect(
            made["ReplicationStatus"]?[0]?["StatusMessage"]
                == "Replication failed: Secret name s already exists in region eu-west-1.")
        try await account.call(
            "ReplicateSecretToRegions",
            ["SecretId": "s", "AddReplicaRegions": [["Region": "eu-west-1"]], "ForceOverwriteReplicaSecret": true])
        #expect(
            try await account.call("GetSecretValue", ["SecretId": "s"], region: "eu-west-1")["SecretString"] == "ours")
        let removed = try await account.call(
            "RemoveRegionsFromReplication", ["SecretId": "s", "RemoveReplicaRegions": ["eu-west-1"]])
        #expect(removed["ReplicationStatus"] == [])
        #expect(await account.failure("DescribeSecret", ["SecretId": "s"], region: "eu-west-1") != nil)
    }
}
