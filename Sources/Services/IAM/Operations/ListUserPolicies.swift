import AWSWire
import BatonCore

/// The names of the policies inside of a user. Errors: NoSuchEntity. Source: API reference, ListUserPolicies.
enum ListUserPolicies: Operation {
    struct Input: Decodable, Sendable {
        let userName: String
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> InlinePolicies.Listed {
        try InlinePolicies.list(.user, input.userName, marker: input.marker, maxItems: input.maxItems, context)
    }
}
