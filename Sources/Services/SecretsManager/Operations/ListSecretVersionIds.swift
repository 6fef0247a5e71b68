import AWSWire
import BatonCore
import JSON

/// The versions of a secret, oldest first, 100 at a time; those without labels only when asked for.
///
/// Errors: ResourceNotFoundException, InvalidNextTokenException. Source: API reference, ListSecretVersionIds.
enum ListSecretVersionIds: ReadOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let maxResults: Int?
        let nextToken: String?
        let includeDeprecated: Bool?
    }

    struct Output: Encodable, Sendable {
        let versions: [JSON]
        let nextToken: String?
        let arn: String
        let name: String
    }

    static let pageSize = 100

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let (secret, all) = try context.read { db in
            let secret = try Secret.require(input.secretId, context, db)
            return (secret, try SecretVersion.all(of: secret, db))
        }
        var versions = all.filter { input.includeDeprecated == true || !$0.stages.isEmpty }[...]
        if let token = input.nextToken {
            guard let last = PageToken.decode(token)?.string else { throw SecretsManagerError.nextToken }
            versions = versions.drop { $0.id != last }.dropFirst()
        }
        let page = versions.prefix(input.maxResults ?? pageSize)
        let token = page.count < versions.count ? page.last.map { PageToken.encode(.string($0.id)) } : nil
        return Output(versions: page.map(described), nextToken: token, arn: secret.arn, name: secret.name)
    }

    private static func described(_ version: SecretVersion) -> JSON {
        var result: JSON = [
            "VersionId": .string(version.id), "CreatedDate": .number(Timestamp.number(version.createdMs)),
            "KmsKeyIds": [.string(version.kmsKeyId ?? "DefaultEncryptionKey")],
        ]
        if !version.stages.isEmpty { result["VersionStages"] = .array(version.stages.map { .string($0) }) }
        result["LastAccessedDate"] = version.accessedMs.map { .number(Timestamp.number($0)) }
        return result
    }
}
