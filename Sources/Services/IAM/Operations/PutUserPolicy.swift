import AWSWire
import BatonCore
import BatonStore

/// Sets a policy inside of a user. Errors: NoSuchEntity, MalformedPolicyDocument. Source: API reference, PutUserPolicy.
enum PutUserPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String
        let policyName: String
        let policyDocument: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try InlinePolicies.put(input.policyName, input.policyDocument, in: .user, input.userName, context)
    }
}
