import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes who may assume a role. Errors: NoSuchEntity, MalformedPolicyDocument. Source: API reference, UpdateAssumeRolePolicy.
enum UpdateAssumeRolePolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let policyDocument: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try PolicyDocument.check(input.policyDocument)
        return Entity.change(.role, input.roleName, context) { role, _ in
            role.body["trust"] = .string(input.policyDocument)
        }
    }
}
