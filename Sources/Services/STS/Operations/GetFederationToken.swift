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
    }

    struct Output: Encodable, Sendable {
        let credentials: JSON
        let federatedUser: JSON
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let identity = Identity(
            account: context.account, arn: "arn:aws:sts::\(context.account):federated-user/\(input.name)",
            userId: "\(context.account):\(input.name)")
        let session = Session(identity, seconds: input.durationSeconds ?? 43_200, context)
        try await session.save(context)
        return Output(
            credentials: session.credentials,
            federatedUser: ["FederatedUserId": .string(identity.userId), "Arn": .string(identity.arn)])
    }
}
