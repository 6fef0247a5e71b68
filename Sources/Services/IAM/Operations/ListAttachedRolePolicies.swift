import AWSWire
import BatonCore

/// The managed policies of a role. Errors: NoSuchEntity. Source: API reference, ListAttachedRolePolicies.
enum ListAttachedRolePolicies: Operation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let pathPrefix: String?
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Attachments.Listed {
        try Attachments.list(
            .role, input.roleName, pathPrefix: input.pathPrefix, marker: input.marker, maxItems: input.maxItems, context
        )
    }
}
