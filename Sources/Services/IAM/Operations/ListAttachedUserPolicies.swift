import AWSWire
import BatonCore

/// The managed policies of a user. Errors: NoSuchEntity. Source: API reference, ListAttachedUserPolicies.
enum ListAttachedUserPolicies: Operation {
    struct Input: Decodable, Sendable {
        let userName: String
        let pathPrefix: String?
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Attachments.Listed {
        try Attachments.list(
            .user, input.userName, pathPrefix: input.pathPrefix, marker: input.marker, maxItems: input.maxItems, context
        )
    }
}
