import AWSWire
import BatonCore

/// The labels. Errors: NoSuchEntity. Source: API reference, ListRoleTags.
enum ListRoleTags: Operation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Tag.Listed {
        try Tag.list(.role, input.roleName, marker: input.marker, maxItems: input.maxItems, context)
    }
}
