import AWSWire
import BatonCore
import BatonStore

/// Sets labels on a topic. Limit: 50 for each topic.
///
/// Errors: ResourceNotFound, InvalidParameter, TagLimitExceeded. Source: API reference, TagResource.
enum TagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tags: [Tag]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Tag.check(input.tags)
        return TopicChange.prepare(input.resourceArn, context, missing: SNSError.resourceNotFound) { topic in
            topic.tags = Tag.merged(topic.tags, input.tags)
            try Tag.check(topic.tags)
        }
    }
}
