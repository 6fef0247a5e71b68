import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import SecretsManager

/// Secrets from their creation to their end.
struct SecretTests {
    @Test func aSecretIsFoundByNameARNAndPartialARN() async throws {
        let account = try await Account()
        let arn = try await account.create("prod/db")["ARN"]?.string ?? ""
        #expect(arn.hasPrefix("arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db-"))
        #expect(arn.count == "arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db-".count + 6)
        for id in ["prod/db", arn, String(arn.dropLast(7))] {
            #expect(try await account.value(id) == "v1", "\(id)")
        }
        for id in ["other", String(arn.dropLast(1)) + "?", arn.replacing("us-east-1", with: "eu-west-1")] {
            #expect(
                await account.failure("DescribeSecret", ["SecretId": .string(id)])?.hasSuffix(
                    id.hasPrefix("arn") || id == "other" ? "can't find the specified secret." : "") == true, "\(id)")
        }
    }

    static let invalidName =
        "ValidationException: Invalid name. Must be a valid name containing alphanumeric characters, or any of the "
        + "following: -/_+=.@!"

    @Test(
        arguments: [
            ("CreateSecret", ["Name": "Inv Name", "SecretString": "s"], invalidName),
            ("GetSecretValue", ["SecretId": "Inv*Name?"], invalidName),
            (
                "CreateSecret", ["Name": "s"],
                "ResourceExistsException: The operation failed because the secret s already exists."
            ),
            (
                "CreateSecret", ["Name": "n", "SecretString": "s", "SecretBinary": .bytes([1])],
                "InvalidParameterException: You can't specify both a binary secret value and a string secret value in the same secret."
            ),
            (
                "GetSecretValue", ["SecretId": "n"],
                "ResourceNotFoundException: Secrets Manager can't find the specified secret."
            ),
            (
                "GetSecretValue", ["SecretId": "s", "VersionStage": "AWSPREVIOUS"],
                "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS"
            ),
            (
                "GetSecretValue", ["SecretId": "s", "VersionId": "00000000000000000000000000000009"],
                "ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: 00000000000000000000000000000009"
            ),
            (
                "GetSecretValue",
                ["SecretId": "s", "VersionId": "00000000000000000000000000000001", "VersionStage": "AWSPREVIOUS"],
                "InvalidRequestException: You provided a VersionStage that is not associated to the provided VersionId."
            ),
            (
                "PutSecretValue", ["SecretId": "s"],
                "InvalidRequestException: You must provide either SecretString or SecretBinary."
            ),
            (
                "PutSecretValue",
                ["SecretId": "s", "SecretString": "other", "ClientRequestToken": "00000000000000000000000000000001"],
                "ResourceExistsException: You can't use ClientRequestToken 00000000000000000000000000000001 because that value is already in use for a version of secret ARN."
            ),
            (
                "DeleteSecret", ["SecretId": "s", "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": true],
                "InvalidParameterException: You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."
            ),
            (
                "DeleteSecret", ["SecretId": "s", "RecoveryWindowInDays": 6],
                "InvalidParameterException: The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
            ),
            (
                "RotateSecret", ["SecretId": "s"],
                "InvalidRequestException: No Lambda rotation function ARN is associated with this secret."
            ),
            (
                "RotateSecret", ["SecretId": "s", "RotationLambdaARN": "missing"],
                "AccessDeniedException: Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com."
            ),
            (
                "BatchGetSecretValue", [:],
                "InvalidParameterException: Either 'SecretIdList' or 'Filters' must be provided, but not both."
            ),
            (
                "BatchGetSecretValue", ["SecretIdList": ["s"], "MaxResults": 1],
                "InvalidParameterException: 'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided."
            ),
            ("ListSecrets", ["NextToken": "x"], "InvalidNextTokenException: Invalid NextToken value."),
            (
                "PutResourcePolicy", ["SecretId": "s", "ResourcePolicy": "{"],
                "MalformedPolicyDocumentException: This resource policy contains invalid Json."
            ),
            (
                "GetRandomPassword", ["PasswordLength": 3],
                "InvalidParameterException: Password length is too short based on the required types."
            ),
            (
                "GetRandomPassword", ["PasswordLength": 5000],
                "ValidationException: 1 validation error detected: Value '5000' at 'passwordLength' failed to satisfy constraint: Member must have value less than or equal to 4096"
            ),
        ] as [(String, JSON, String)])
    func refuses(_ operation: String, _ input: JSON, _ expected: String) async throws {
        let account = try await Account()
        let made = try await account.create("s", "v1", ["ClientRequestToken": .string(Account.token(1))])
        let arn = made["ARN"]?.string ?? ""
        #expect(await account.failure(operation, input)?.replacing(arn, with: "ARN") == expected)
    }

    @Test func theSameRequestTwiceMakesOneSecret() async throws {
        let account = try await Account()
        let token: JSON = ["ClientRequestToken": .string(Account.token(1))]
        let first = try await account.create("s", "v1", token)
        #expect(try await account.create("s", "v1", token) == first)
        await #expect(throws: AWSError.self) { try await account.create("s", "v2", token) }
        let again = try await account.put("s", "v1", Account.token(1))
        #expect(again["VersionStages"] == ["AWSCURRENT"])
    }

    @Test func descriptionKeyAndTagsChange() async throws {
        let account = try await Account()
        try await account.create(
            "s", nil,
            ["Description": "d", "KmsKeyId": "k", "Tags": [["Key": "a", "Value": "1"], ["Key": "b", "Value": "2"]]])
        try await account.call("UpdateSecret", ["SecretId": "s", "Description": "e"])
        try await account.call("TagResource", ["SecretId": "s", "Tags": [["Key": "a", "Value": "3"]]])
        try await account.call("UntagResource", ["SecretId": "s", "TagKeys": ["b", "none"]])
        let described = try await account.call("DescribeSecret", ["SecretId": "s"])
        #expect(described["Description"] == "e")
        #expect(described["KmsKeyId"] == "k")
        #expect(described["Tags"] == [["Key": "a", "Value": "3"]])
        #expect(described["VersionIdsToStages"] == nil)
        #expect(described["RotationEnabled"] == nil)
        // The first value becomes current whatever it is called.
        #expect(
            try await account.put("s", "v1", Account.token(1), ["MINE"])["VersionStages"] == ["AWSCURRENT", "MINE"])
    }

    @Test func binaryValuesStayWhatTheyAre() async throws {
        let account = try await Account()
        try await account.call("CreateSecret", ["Name": "s", "SecretBinary": .bytes([0, 255, 1])])
        let got = try await account.call("GetSecretValue", ["SecretId": "s"])
        #expect(got["SecretBinary"]?.bytes == [0, 255, 1])
        #expect(got["SecretString"] == nil)
    }

    @Test func theFirstAccessOfADayIsNoted() async throws {
        let account = try await Account()
        try await account.create("s")
        func accessed() async throws -> JSON? {
            try await account.call("DescribeSecret", ["SecretId": "s"])["LastAccessedDate"]
        }
        #expect(try await accessed() == nil)
        _ = try await account.value("s")
        let day = account.host.clock.nowMs / 86_400_000 * 86_400
        #expect(try await accessed()?.int == Int(day))
        await account.host.advance(byMs: 86_400_000)
        _ = try await account.value("s")
        #expect(try await accessed()?.int == Int(day + 86_400))
    }

    // MARK: The end

    @Test func aDeletionCanBeTakenBackInItsWindow() async throws {
        let account = try await Account()
        try await account.create("s")
        let deleted = try await account.call("DeleteSecret", ["SecretId": "s", "RecoveryWindowInDays": 7])
        #expect(deleted["DeletionDate"]?.double == Double(account.host.clock.nowMs + 7 * 86_400_000) / 1000)
        let marked =
            "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion."
        for operation in ["GetSecretValue", "GetResourcePolicy", "CancelRotateSecret"] {
            #expect(await account.failure(operation, ["SecretId": "s"]) == marked)
        }
        #expect(
            await account.failure("CreateSecret", ["Name": "s", "SecretString": "x"])
                == "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion."
        )
        #expect(try await account.call("DescribeSecret", ["SecretId": "s"])["DeletedDate"] == deleted["DeletionDate"])
        #expect(try await account.call("ListSecrets")["SecretList"]?.array?.isEmpty == true)
        #expect(
            try await account.call("ListSecrets", ["IncludePlannedDeletion": true])["SecretList"]?.array?.count == 1)
        await account.host.advance(byMs: 6 * 86_400_000)
        try await account.call("RestoreSecret", ["SecretId": "s"])
        await account.host.advance(byMs: 30 * 86_400_000)
        #expect(try await account.value("s") == "v1")
    }

    @Test func afterItsWindowASecretIsGone() async throws {
        let account = try await Account()
        try await account.create("s")
        try await account.call("DeleteSecret", ["SecretId": "s"])
        await account.host.advance(byMs: 30 * 86_400_000 - 1)
        #expect(try await account.call("DescribeSecret", ["SecretId": "s"])["Name"] == "s")
        await account.host.advance(byMs: 1)
        #expect(await account.failure("DescribeSecret", ["SecretId": "s"])?.hasPrefix("ResourceNotFound") == true)
    }

    @Test func aForcedDeletionIsDoneAtOnceAndAlwaysSucceeds() async throws {
        let account = try await Account()
        let first = try await account.create("s")
        try await account.call("DeleteSecret", ["SecretId": "s"])
        for _ in 0..<2 {
            try await account.call("DeleteSecret", ["SecretId": "s", "ForceDeleteWithoutRecovery": true])
        }
        #expect(try await account.create("s")["ARN"] != first["ARN"])
    }

    // MARK: At rest

    @Test func valuesAreSealedOnDisk() async throws {
        let folder = NSTemporaryDirectory() + "secrets-\(ProcessInfo.processInfo.globallyUniqueString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let account = try await Account(.folder(folder))
        try await account.create("s", "correct horse battery staple")
        await account.host.host.stop()
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
            #expect(bytes.range(of: Data("horse".utf8)) == nil, "\(file)")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/secrets.key")[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let again = try await Account(.folder(folder))
        #expect(try await again.value("s") == "correct horse battery staple")
        await again.host.host.stop()

        try FileManager.default.removeItem(atPath: folder + "/secrets.key")
        let without = try await Account(.folder(folder))
        #expect(await without.failure("GetSecretValue", ["SecretId": "s"])?.hasPrefix("DecryptionFailure") == true)
        await without.host.host.stop()
    }
}
