import AWSWire
import BatonCore
import BatonStore

/// Removes tags from a log group.
/// Errors: ResourceNotFoundException, InvalidParameterException. Source: CloudWatch Logs API reference, UntagResource.
enum UntagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        GroupTags.remove(input.tagKeys, try GroupTags.reference(arn: input.resourceArn))
    }
}
