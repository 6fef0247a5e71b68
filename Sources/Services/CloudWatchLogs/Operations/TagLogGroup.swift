import AWSWire
import BatonCore
import BatonStore

/// The older form of TagResource, by name.
/// Errors: ResourceNotFoundException, TooManyTagsException. Source: CloudWatch Logs API reference, TagLogGroup.
enum TagLogGroup: WriteOperation {
    struct Input: Decodable, Sendable {
        let logGroupName: String
        let tags: [String: String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        GroupTags.add(input.tags, GroupReference(input.logGroupName, context))
    }
}
