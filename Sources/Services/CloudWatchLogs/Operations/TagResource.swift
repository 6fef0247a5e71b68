import AWSWire
import BatonCore
import BatonStore

/// Adds tags to a log group, at most 50 in all.
/// Errors: ResourceNotFoundException, TooManyTagsException, InvalidParameterException.
/// Source: CloudWatch Logs API reference, TagResource.
enum TagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tags: [String: String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        GroupTags.add(input.tags, try GroupTags.reference(arn: input.resourceArn))
    }
}
