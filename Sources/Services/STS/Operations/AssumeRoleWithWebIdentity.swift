import AWSWire
import BatonCore
import JSON

/// Temporary credentials that act as a role, for the bearer of a token of an identity provider.
///
/// Assumed: any token is taken; of a JSON web token subject, audience and issuer are answered.
/// Errors: ValidationError. Source: API reference, AssumeRoleWithWebIdentity.
enum AssumeRoleWithWebIdentity: Operation {
    struct Input: Decodable, Sendable {
        let roleArn: String
        let roleSessionName: String
        let webIdentityToken: String
        let durationSeconds: Int?
        let policy: String?
        let policyArns: [SessionPolicy.PolicyName]?
    }

    struct Output: Encodable, Sendable {
        let credentials: JSON
        let packedPolicySize: Int?
        let assumedRoleUser: JSON
        let subjectFromWebIdentityToken: String?
        let audience: String?
        let provider: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let size = try SessionPolicy(
            policy: input.policy, policyArns: input.policyArns, tags: nil
        ).packedSize()
        let seconds = input.durationSeconds ?? 3600
        let role = try await AssumedRole(input.roleArn, session: input.roleSessionName, seconds: seconds, context)
        let session = Session(role.identity, seconds: seconds, context)
        try await session.save(context)
        let claims = claims(input.webIdentityToken)
        return Output(
            credentials: session.credentials, packedPolicySize: size, assumedRoleUser: role.json,
            subjectFromWebIdentityToken: claims["sub"]?.string, audience: claims["aud"]?.string,
            provider: claims["iss"]?.string)
    }

    private static func claims(_ token: String) -> JSON {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return [:] }
        var text = String(parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Base64.decode(text).flatMap { try? JSON.parse($0) } ?? [:]
    }
}
