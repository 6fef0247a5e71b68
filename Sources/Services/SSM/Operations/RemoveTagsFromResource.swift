import AWSWire
import BatonCore
import BatonStore

/// Removes labels of a parameter. Errors: InvalidResourceId, InvalidResourceType. Source: API reference,
/// RemoveTagsFromResource.
enum RemoveTagsFromResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceType: String
        let resourceId: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let key = try TaggedParameter.key(input.resourceType, input.resourceId)
        return { transaction in
            guard let tags = try Parameter.tags(key, context, transaction.db) else { throw SSMError.resourceId }
            try Parameter.save(
                tags: tags.filter { !input.tagKeys.contains($0.key) }, key, context.account, context.region,
                transaction)
            return Nothing()
        }
    }
}
