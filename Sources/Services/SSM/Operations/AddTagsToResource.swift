import AWSWire
import BatonCore
import BatonStore

/// Sets labels of a parameter, 50 at most. Errors: InvalidResourceId, InvalidResourceType, TooManyTagsError. Source: API
/// reference, AddTagsToResource.
enum AddTagsToResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceType: String
        let resourceId: String
        let tags: [Tag]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let key = try TaggedParameter.key(input.resourceType, input.resourceId)
        return { transaction in
            guard let tags = try Parameter.tags(key, context, transaction.db) else { throw SSMError.resourceId }
            try Parameter.save(
                tags: Tag.merged(tags, input.tags), key, context.account, context.region, transaction)
            return Nothing()
        }
    }
}

/// The only kind of resource that Baton has here.
enum TaggedParameter {
    static func key(_ type: String, _ id: String) throws(AWSError) -> String {
        guard type == "Parameter" else { throw AWSError("InvalidResourceType", "") }
        guard let name = try? ParameterName(id) else { throw SSMError.resourceId }
        return name.key
    }
}

extension Tag {
    /// - Throws: TooManyTagsError.
    static func merged(_ tags: [Tag], _ changes: [Tag]) throws(AWSError) -> [Tag] {
        var result = tags
        for tag in changes {
            if let index = result.firstIndex(where: { $0.key == tag.key }) {
                result[index] = tag
            } else {
                result.append(tag)
            }
        }
        guard result.count <= Limits.tags else { throw SSMError.tooManyTags }
        return result
    }
}
