import AWSWire
import BatonCore
import BatonStore

/// Sets a policy inside of a group. Errors: NoSuchEntity, MalformedPolicyDocument. Source: API reference, PutGroupPolicy.
enum PutGroupPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let policyName: String
        let policyDocument: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try InlinePolicies.put(input.policyName, input.policyDocument, in: .group, input.groupName, context)
    }
}
