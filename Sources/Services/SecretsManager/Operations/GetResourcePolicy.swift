import AWSWire
import BatonCore

/// The resource policy of a secret, if it has one. Errors: ResourceNotFoundException, InvalidRequestException. Source:
/// API reference, GetResourcePolicy.
enum GetResourcePolicy: ReadOperation {
    struct Input: Decodable, Sendable { let secretId: String }

    struct Output: Encodable, Sendable {
        let arn: String
        let name: String
        let resourcePolicy: String?
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let secret = try context.read { try Secret.requireActive(input.secretId, context, $0) }
        return Output(arn: secret.arn, name: secret.name, resourcePolicy: secret.policy)
    }
}
