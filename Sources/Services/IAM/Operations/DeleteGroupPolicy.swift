import AWSWire
import BatonCore
import BatonStore

/// Removes a policy from inside of a group. Errors: NoSuchEntity. Source: API reference, DeleteGroupPolicy.
enum DeleteGroupPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let policyName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        InlinePolicies.delete(input.policyName, from: .group, input.groupName, context)
    }
}
