import AWSWire
import BatonTesting
import JSON
import Testing

@testable import SecretsManager

/// Versions and their staging labels; the tables are what AWS was seen to do.
struct VersionTests {
    @Test func labelsMove() {
        var labels = StageLabels()
        labels.attach(["AWSCURRENT"], to: "1")
        labels.attach(["AWSPENDING", "MINE"], to: "2")
        labels.attach(["AWSCURRENT"], to: "2")
        #expect(labels.versions == ["1": ["AWSPREVIOUS"], "2": ["AWSCURRENT", "AWSPENDING", "MINE"]])
        // What is left is no longer pending.
        labels.attach(["AWSCURRENT"], to: "3")
        #expect(labels.versions == ["1": [], "2": ["AWSPREVIOUS", "MINE"], "3": ["AWSCURRENT"]])
        // Back again.
        labels.attach(["AWSCURRENT"], to: "2")
        #expect(labels.versions == ["1": [], "2": ["AWSCURRENT", "MINE"], "3": ["AWSPREVIOUS"]])
    }

    @Test(
        arguments: [
            ([], "1: AWSCURRENT"),
            ([("2", nil)], "1: AWSPREVIOUS, 2: AWSCURRENT"),
            ([("2", ["AWSPENDING"])], "1: AWSCURRENT, 2: AWSPENDING"),
            ([("2", ["AWSPENDING"]), ("3", ["AWSPENDING"])], "1: AWSCURRENT, 3: AWSPENDING"),
            ([("2", ["AWSCURRENT", "PUT0"]), ("3", nil)], "2: AWSPREVIOUS+PUT0, 3: AWSCURRENT"),
            (
                [("2", ["one", "two", "three"]), ("3", ["one", "two", "four"])],
                "1: AWSCURRENT, 2: three, 3: four+one+two"
            ),
        ] as [([(String, [String]?)], String)])
    func putting(_ puts: [(String, [String]?)], _ expected: String) async throws {
        let account = try await Account()
        try await account.create("s", "v", ["ClientRequestToken": .string(Account.token(1))])
        for (id, stages) in puts {
            let labels = stages.map { $0.map { JSON.string($0) } }
            _ = try await account.put("s", "v\(id)", Account.token(Int(id) ?? 0), labels)
        }
        #expect(try await account.stages("s") == expected)
    }

    @Test(
        arguments: [
            ("AWSCURRENT", 1, 2, nil, "1: AWSPREVIOUS, 2: AWSCURRENT+AWSPENDING"),
            ("AWSPENDING", 2, nil, nil, "1: AWSCURRENT"),
            ("MINE", nil, 1, nil, "1: AWSCURRENT+MINE, 2: AWSPENDING"),
            ("AWSPENDING", nil, 2, nil, "1: AWSCURRENT, 2: AWSPENDING"),
            (
                "AWSCURRENT", 1, nil,
                "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.",
                ""
            ),
            (
                "AWSCURRENT", nil, 2,
                "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version 00000000000000000000000000000001, so you must explicitly reference that version in RemoveFromVersionId.",
                ""
            ),
            (
                "AWSCURRENT", 1, 3,
                "Secrets Manager can't find the specified secret value for VersionId: 00000000000000000000000000000003",
                ""
            ),
            (
                "AWSCURRENT", 2, 1,
                "Staging label AWSCURRENT isn't attached to version 00000000000000000000000000000002.",
                ""
            ),
        ] as [(String, Int?, Int?, String?, String)])
    func moving(_ label: String, _ from: Int?, _ to: Int?, _ message: String?, _ expected: String) async throws {
        let account = try await Account()
        try await account.create("s", "v1", ["ClientRequestToken": .string(Account.token(1))])
        _ = try await account.put("s", "v2", Account.token(2), ["AWSPENDING"])
        var input: JSON = ["SecretId": "s", "VersionStage": .string(label)]
        input["RemoveFromVersionId"] = from.map { .string(Account.token($0)) }
        input["MoveToVersionId"] = to.map { .string(Account.token($0)) }
        let failure = await account.failure("UpdateSecretVersionStage", input)
        if let message {
            #expect(failure?.hasSuffix(message) == true, "\(failure ?? "")")
        } else {
            #expect(failure == nil)
            #expect(try await account.stages("s") == expected)
        }
    }

    @Test func olderVersionsGoWhenThereAreTooMany() async throws {
        let account = try await Account()
        try await account.create("s")
        for number in 2...Limits.versions {
            _ = try await account.put("s", "v\(number)", "version-\(Account.token(number))")
        }
        #expect(
            await account.failure("PutSecretValue", ["SecretId": "s", "SecretString": "one more"])?
                .hasPrefix("LimitExceededException") == true)
        await account.host.advance(byMs: 86_400_001)
        _ = try await account.put("s", "one more", Account.token(1))
        let all = try await account.call(
            "ListSecretVersionIds", ["SecretId": "s", "IncludeDeprecated": true, "MaxResults": 60])
        let rest = try await account.call(
            "ListSecretVersionIds",
            ["SecretId": "s", "IncludeDeprecated": true, "NextToken": all["NextToken"] ?? ""])
        #expect((all["Versions"]?.array?.count ?? 0) + (rest["Versions"]?.array?.count ?? 0) == Limits.versions)
        #expect(rest["NextToken"] == nil)
        #expect(try await account.value("s", stage: "AWSPREVIOUS") == "v\(Limits.versions)")
    }
}
