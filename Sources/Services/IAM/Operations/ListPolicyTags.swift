import AWSWire
import BatonCore

/// The labels of a managed policy. Errors: NoSuchEntity. Source: API reference, ListPolicyTags.
enum ListPolicyTags: Operation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Tag.Listed {
        try Tag.list(
            .policy, ManagedPolicy.name(of: input.policyArn), marker: input.marker, maxItems: input.maxItems, context)
    }
}
