import AWSWire
import BatonCore
import BatonStore

/// Attaches a managed policy to a role; once attached it stays so. Limit: 10.
///
/// Errors: NoSuchEntity, LimitExceeded. Source: API reference, AttachRolePolicy.
enum AttachRolePolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let policyArn: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Attachments.attach(input.policyArn, to: .role, input.roleName, context)
    }
}
