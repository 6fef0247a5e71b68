import AWSWire
import JSON

/// Policies and tags that a session is asked to be narrowed with. Baton evaluates no policies: they are checked, and
/// counted as AWS counts them.
struct SessionPolicy: Decodable, Sendable {
    struct PolicyName: Decodable, Sendable { let arn: String }
    struct Tag: Decodable, Sendable {
        let key: String
        let value: String
    }
    let policy: String?
    let policyArns: [PolicyName]?
    let tags: [Tag]?

    /// Characters of policies and tags together. Source: IAM user guide, "IAM and AWS STS quotas".
    private static let limit = 2048
    private static let maximumTags = 50

    /// How much of the limit is used, in per cent; nil when nothing is asked for.
    /// - Throws: MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError, InvalidParameterValue.
    func packedSize() throws(AWSError) -> Int? {
        guard policy != nil || policyArns != nil || tags != nil else { return nil }
        if let policy, (try? JSON.parse(policy))?["Statement"] == nil {
            throw AWSError("MalformedPolicyDocument", "Syntax errors in policy.")
        }
        let tags = tags ?? []
        guard tags.count <= Self.maximumTags else {
            throw AWSError(
                "ValidationError",
                "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length "
                    + "less than or equal to 50")
        }
        guard Set(tags.map { $0.key.lowercased() }).count == tags.count else {
            throw AWSError(
                "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        }
        let size =
            (policy ?? "").utf8.count + (policyArns ?? []).reduce(0) { $0 + $1.arn.utf8.count }
            + tags.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= Self.limit else {
            throw AWSError(
                "PackedPolicyTooLarge",
                "Serialized token too large for session: the total packed size of the session policies and session tags "
                    + "combined is too large.")
        }
        return (size * 100 + Self.limit - 1) / Self.limit
    }
}
