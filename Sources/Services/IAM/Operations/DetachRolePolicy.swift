import AWSWire
import BatonCore
import BatonStore

/// Detaches a managed policy from a role. Errors: NoSuchEntity. Source: API reference, DetachRolePolicy.
enum DetachRolePolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let policyArn: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Attachments.detach(input.policyArn, from: .role, input.roleName, context)
    }
}
