import AWSWire
import BatonCore
import BatonStore
import JSON

/// Whether the bucket's policy lets everybody in: an Allow for the principal `*` without a condition.
/// Assumed: the conditions that AWS knows to narrow a policy count as narrowing, whatever they say.
/// Errors: NoSuchBucket, NoSuchBucketPolicy. Source: S3 API reference, GetBucketPolicyStatus.
enum GetBucketPolicyStatus: Operation {
    static func run(_ input: BucketInput, _ context: Context) async throws(AWSError) -> JSON {
        let stored = try context.read { db in try Configurations.get(PolicyConfiguration.kind, input.bucket, db) }
        let text = if let stored { stored } else { try PolicyConfiguration.absent.get() }
        let statement = (try? JSON.parse(text.string ?? ""))?["Statement"]
        let statements = statement?.array ?? statement.map { [$0] } ?? []
        let isPublic = statements.contains { statement in
            let principal = statement["Principal"]?["AWS"] ?? statement["Principal"]
            let principals = principal?.array ?? principal.map { [$0] } ?? []
            return statement["Effect"] == "Allow" && principals.contains("*") && statement["Condition"] == nil
        }
        return ["PolicyStatus": ["IsPublic": .bool(isPublic)]]
    }
}
