import AWSWire
import BatonCore

/// Who is asking: the session or user behind the access key, else the account. Source: API reference,
/// GetCallerIdentity.
enum GetCallerIdentity: Operation {
    struct Output: Encodable, Sendable {
        let userId: String
        let account: String
        let arn: String
    }

    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Output {
        let identity = try await Identity.caller(context)
        return Output(userId: identity.userId, account: identity.account, arn: identity.arn)
    }
}
