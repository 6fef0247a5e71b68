import AWSWire
import BatonCore
import BatonStore

/// Detaches a managed policy from a user. Errors: NoSuchEntity. Source: API reference, DetachUserPolicy.
enum DetachUserPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String
        let policyArn: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Attachments.detach(input.policyArn, from: .user, input.userName, context)
    }
}
