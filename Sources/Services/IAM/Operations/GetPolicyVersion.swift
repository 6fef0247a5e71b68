import AWSWire
import BatonCore
import JSON

/// A version of a managed policy with its document, percent-encoded. Errors: NoSuchEntity. Source: API reference, GetPolicyVersion.
enum GetPolicyVersion: Operation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let versionId: String
    }

    struct Output: Encodable, Sendable { let policyVersion: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let policy = try context.read { db in try ManagedPolicy.existing(input.policyArn, context.account, db) }
        let version = try policy.version(input.versionId)
        return Output(policyVersion: version.json(isDefault: version.id == policy.defaultVersion))
    }
}
