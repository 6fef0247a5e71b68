import AWSWire
import BatonCore
import BatonStore

/// Removes a policy from inside of a user. Errors: NoSuchEntity. Source: API reference, DeleteUserPolicy.
enum DeleteUserPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String
        let policyName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        InlinePolicies.delete(input.policyName, from: .user, input.userName, context)
    }
}
