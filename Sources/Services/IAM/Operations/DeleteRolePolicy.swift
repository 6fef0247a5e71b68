import AWSWire
import BatonCore
import BatonStore

/// Removes a policy from inside of a role. Errors: NoSuchEntity. Source: API reference, DeleteRolePolicy.
enum DeleteRolePolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let policyName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        InlinePolicies.delete(input.policyName, from: .role, input.roleName, context)
    }
}
