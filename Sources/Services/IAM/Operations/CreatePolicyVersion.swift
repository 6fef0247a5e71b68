import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a version to a managed policy. Limit: 5 versions.
///
/// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded. Source: API reference, CreatePolicyVersion.
enum CreatePolicyVersion: WriteOperation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let policyDocument: String
        let setAsDefault: Bool?
    }

    struct Output: Encodable, Sendable { let policyVersion: JSON }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        try PolicyDocument.check(input.policyDocument)
        let isDefault = input.setAsDefault ?? false
        return ManagedPolicy.change(input.policyArn, context) { policy, transaction in
            let version = try policy.add(input.policyDocument, asDefault: isDefault, nowMs: transaction.nowMs)
            return Output(policyVersion: version.json(isDefault: isDefault, withDocument: false))
        }
    }
}
