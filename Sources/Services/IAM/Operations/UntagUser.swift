import AWSWire
import BatonCore
import BatonStore

/// Takes labels off. Errors: NoSuchEntity. Source: API reference, UntagUser.
enum UntagUser: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Tag.remove(input.tagKeys, from: .user, input.userName, context)
    }
}
