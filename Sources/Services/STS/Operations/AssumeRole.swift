import AWSWire
import BatonCore
import JSON

/// Temporary credentials that act as a role. Limits: 900–43200 s (3600), at most what the role allows.
///
/// Errors: ValidationError. Source: API reference, AssumeRole.
enum AssumeRole: Operation {
    struct Input: Decodable, Sendable {
        let roleArn: String
        let roleSessionName: String
        let durationSeconds: Int?
        let sourceIdentity: String?
        let policy: String?
        let policyArns: [SessionPolicy.PolicyName]?
        let tags: [SessionPolicy.Tag]?
    }

    struct Output: Encodable, Sendable {
        let credentials: JSON
        let packedPolicySize: Int?
        let assumedRoleUser: JSON
        let sourceIdentity: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let size = try SessionPolicy(
            policy: input.policy, policyArns: input.policyArns, tags: input.tags
        ).packedSize()
        let seconds = input.durationSeconds ?? 3600
        let role = try await AssumedRole(input.roleArn, session: input.roleSessionName, seconds: seconds, context)
        let session = Session(role.identity, seconds: seconds, context)
        try await session.save(context)
        return Output(
            credentials: session.credentials, packedPolicySize: size, assumedRoleUser: role.json,
            sourceIdentity: input.sourceIdentity)
    }
}
