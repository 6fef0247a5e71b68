import AWSWire
import BatonCore

/// The labels of a parameter. Errors: InvalidResourceId, InvalidResourceType. Source: API reference,
/// ListTagsForResource.
enum ListTagsForResource: ReadOperation {
    struct Input: Decodable, Sendable {
        let resourceType: String
        let resourceId: String
    }

    struct Output: Encodable, Sendable { let tagList: [Tag] }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let key = try TaggedParameter.key(input.resourceType, input.resourceId)
        guard let tags = try context.read({ try Parameter.tags(key, context, $0) }) else { throw SSMError.resourceId }
        return Output(tagList: tags)
    }
}
