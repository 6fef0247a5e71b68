import AWSWire
import BatonCore
import BatonStore

/// Takes labels off a managed policy. Errors: NoSuchEntity. Source: API reference, UntagPolicy.
enum UntagPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Tag.remove(input.tagKeys, from: .policy, ManagedPolicy.name(of: input.policyArn), context)
    }
}
