import AWSWire
import BatonCore
import BatonStore

/// Sets a policy inside of a role. Errors: NoSuchEntity, MalformedPolicyDocument. Source: API reference, PutRolePolicy.
enum PutRolePolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let policyName: String
        let policyDocument: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try InlinePolicies.put(input.policyName, input.policyDocument, in: .role, input.roleName, context)
    }
}
