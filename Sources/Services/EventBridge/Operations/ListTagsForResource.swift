import AWSWire
import BatonCore

/// The labels of a rule or an event bus. Errors: ResourceNotFoundException. Source: API reference, ListTagsForResource.
enum ListTagsForResource: BatonCore.Operation {
    struct Input: Decodable, Sendable { let resourceARN: String }
    struct Output: Encodable, Sendable { let tags: [Tag] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        Output(tags: try TaggedResource.tags(input.resourceARN, context))
    }
}
