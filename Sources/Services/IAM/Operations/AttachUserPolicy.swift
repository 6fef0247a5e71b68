import AWSWire
import BatonCore
import BatonStore

/// Attaches a managed policy to a user; once attached it stays so. Limit: 10.
///
/// Errors: NoSuchEntity, LimitExceeded. Source: API reference, AttachUserPolicy.
enum AttachUserPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String
        let policyArn: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Attachments.attach(input.policyArn, to: .user, input.userName, context)
    }
}
