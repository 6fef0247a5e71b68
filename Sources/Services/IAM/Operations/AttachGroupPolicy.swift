import AWSWire
import BatonCore
import BatonStore

/// Attaches a managed policy to a group; once attached it stays so. Limit: 10.
///
/// Errors: NoSuchEntity, LimitExceeded. Source: API reference, AttachGroupPolicy.
enum AttachGroupPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let policyArn: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Attachments.attach(input.policyArn, to: .group, input.groupName, context)
    }
}
