import AWSWire
import BatonCore
import BatonStore

/// Sets labels on a managed policy. Limit: 50. Errors: NoSuchEntity, InvalidInput, LimitExceeded. Source: API reference, TagPolicy.
enum TagPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let tags: [Tag]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Tag.set(input.tags, on: .policy, ManagedPolicy.name(of: input.policyArn), context)
    }
}
