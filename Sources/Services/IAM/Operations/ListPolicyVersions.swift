import AWSWire
import BatonCore
import JSON

/// The versions of a managed policy, the newest first. Errors: NoSuchEntity. Source: API reference, ListPolicyVersions.
enum ListPolicyVersions: Operation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let versions: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let policy = try context.read { db in try ManagedPolicy.existing(input.policyArn, context.account, db) }
        let all = policy.versions.map { $0.json(isDefault: $0.id == policy.defaultVersion, withDocument: false) }
        let page = try Page(all, marker: input.marker, maxItems: input.maxItems)
        return Output(versions: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }
}
