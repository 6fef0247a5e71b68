import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The value of one version, AWSCURRENT by default. The first access of a day is noted.
///
/// Errors: ResourceNotFoundException, InvalidRequestException, DecryptionFailure. Source: API reference,
/// GetSecretValue.
enum GetSecretValue: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let versionId: String?
        let versionStage: String?
    }

    typealias Output = JSON

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        try await value(context) { db in
            let secret = try Secret.requireActive(input.secretId, context, db)
            return (
                secret, try SecretVersion.require(input.versionId, stage: input.versionStage, of: secret, db)
            )
        }
    }

    static func value(
        _ context: Context, _ find: (Database) throws -> (Secret, SecretVersion)
    ) async throws(AWSError) -> JSON {
        let (secret, version) = try context.read(find)
        guard let value = try version.value(context) else {
            throw SecretsManagerError.noVersion(version.id)
        }
        if version.accessedMs ?? 0 < context.nowMs / Limits.dayMs * Limits.dayMs {
            try await context.write { try SecretVersion.noteAccess(version.id, of: secret, $0) }
        }
        var result: JSON = [
            "ARN": .string(secret.arn), "Name": .string(secret.name), "VersionId": .string(version.id),
            "VersionStages": .array(version.stages.map { .string($0) }),
            "CreatedDate": .number(Timestamp.number(version.createdMs)),
        ]
        switch value {
        case .text(let text): result["SecretString"] = .string(text)
        case .binary(let bytes): result["SecretBinary"] = .bytes(bytes)
        }
        if version.stages.isEmpty { result["VersionStages"] = nil }
        return result
    }
}
