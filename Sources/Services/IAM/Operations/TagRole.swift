import AWSWire
import BatonCore
import BatonStore

/// Sets labels. Limit: 50. Errors: NoSuchEntity, InvalidInput, LimitExceeded. Source: API reference, TagRole.
enum TagRole: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let tags: [Tag]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Tag.set(input.tags, on: .role, input.roleName, context)
    }
}
