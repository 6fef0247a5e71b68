import AWSWire
import BatonCore
import BatonStore

/// Sets labels. Limit: 50. Errors: NoSuchEntity, InvalidInput, LimitExceeded. Source: API reference, TagInstanceProfile.
enum TagInstanceProfile: WriteOperation {
    struct Input: Decodable, Sendable {
        let instanceProfileName: String
        let tags: [Tag]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Tag.set(input.tags, on: .profile, input.instanceProfileName, context)
    }
}
