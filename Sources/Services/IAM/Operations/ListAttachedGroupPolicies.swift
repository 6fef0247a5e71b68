import AWSWire
import BatonCore

/// The managed policies of a group. Errors: NoSuchEntity. Source: API reference, ListAttachedGroupPolicies.
enum ListAttachedGroupPolicies: Operation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let pathPrefix: String?
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Attachments.Listed {
        try Attachments.list(
            .group, input.groupName, pathPrefix: input.pathPrefix, marker: input.marker, maxItems: input.maxItems,
            context)
    }
}
