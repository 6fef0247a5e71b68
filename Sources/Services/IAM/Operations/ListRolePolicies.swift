import AWSWire
import BatonCore

/// The names of the policies inside of a role. Errors: NoSuchEntity. Source: API reference, ListRolePolicies.
enum ListRolePolicies: Operation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> InlinePolicies.Listed {
        try InlinePolicies.list(.role, input.roleName, marker: input.marker, maxItems: input.maxItems, context)
    }
}
