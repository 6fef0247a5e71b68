import AWSWire
import BatonCore

/// The account of an access key id, which the id carries.
///
/// Errors: ValidationError. Source: API reference, GetAccessKeyInfo.
enum GetAccessKeyInfo: Operation {
    struct Input: Decodable, Sendable { let accessKeyId: String }
    struct Output: Encodable, Sendable { let account: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        guard let account = AccessKeyId.anyAccount(of: input.accessKeyId) else {
            throw AWSError("ValidationError", "Invalid AccessKeyId: \(input.accessKeyId)")
        }
        return Output(account: account)
    }
}
