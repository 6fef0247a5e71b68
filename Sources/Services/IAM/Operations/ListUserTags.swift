import AWSWire
import BatonCore

/// The labels. Errors: NoSuchEntity. Source: API reference, ListUserTags.
enum ListUserTags: Operation {
    struct Input: Decodable, Sendable {
        let userName: String
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Tag.Listed {
        try Tag.list(.user, input.userName, marker: input.marker, maxItems: input.maxItems, context)
    }
}
