import AWSWire
import BatonCore

/// The names of the policies inside of a group. Errors: NoSuchEntity. Source: API reference, ListGroupPolicies.
enum ListGroupPolicies: Operation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> InlinePolicies.Listed {
        try InlinePolicies.list(.group, input.groupName, marker: input.marker, maxItems: input.maxItems, context)
    }
}
