import AWSWire
import BatonCore
import JSON

/// Temporary credentials for somebody whom the caller names. Limit: 900–129600 s (43200).
///
/// Source: API reference, GetFederationToken.
enum GetFederationToken: Operation {
    struct Input: Decodable, Sendable {
        let name: String
        let durationSeconds: Int?
        let policy: String?
        let policyArns: [SessionPolicy.PolicyName]?
        let tags: [SessionPolicy.Tag]?
    }

    struct Output: Encodable, Sendable {
        let credentials: JSON
        let packedPolicySize: Int?
        let federatedUser: JSON
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let size = try SessionPolicy(
            policy: input.policy, policyArns: input.policyArns, tags: input.tags
        ).packedSize()
        let identity = Identity(
            account: context.account, arn: "arn:aws:sts::\(context.account):federated-user/\(input.name)",
            userId: "\(context.account):\(input.name)")
        let session = Session(identity, seconds: input.durationSeconds ?? 43_200, context)
        try await session.save(context)
        return Output(
            credentials: session.credentials, packedPolicySize: size,
            federatedUser: ["FederatedUserId": .string(identity.userId), "Arn": .string(identity.arn)])
    }
}
