import AWSWire
import BatonCore

/// The labels. Errors: NoSuchEntity. Source: API reference, ListInstanceProfileTags.
enum ListInstanceProfileTags: Operation {
    struct Input: Decodable, Sendable {
        let instanceProfileName: String
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Tag.Listed {
        try Tag.list(.profile, input.instanceProfileName, marker: input.marker, maxItems: input.maxItems, context)
    }
}
