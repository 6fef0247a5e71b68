import AWSWire
import BatonCore
import BatonStore

/// Detaches a managed policy from a group. Errors: NoSuchEntity. Source: API reference, DetachGroupPolicy.
enum DetachGroupPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let policyArn: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Attachments.detach(input.policyArn, from: .group, input.groupName, context)
    }
}
