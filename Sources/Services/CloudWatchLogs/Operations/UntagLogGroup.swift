import AWSWire
import BatonCore
import BatonStore

/// The older form of UntagResource, by name.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, UntagLogGroup.
enum UntagLogGroup: WriteOperation {
    struct Input: Decodable, Sendable {
        let logGroupName: String
        let tags: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        GroupTags.remove(input.tags, GroupReference(input.logGroupName, context))
    }
}
