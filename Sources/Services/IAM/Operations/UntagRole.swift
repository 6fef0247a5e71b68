import AWSWire
import BatonCore
import BatonStore

/// Takes labels off. Errors: NoSuchEntity. Source: API reference, UntagRole.
enum UntagRole: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Tag.remove(input.tagKeys, from: .role, input.roleName, context)
    }
}
