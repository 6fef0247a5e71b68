import AWSWire
import BatonCore
import BatonStore

/// Takes labels off a topic. Errors: ResourceNotFound. Source: API reference, UntagResource.
enum UntagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        TopicChange.prepare(input.resourceArn, context, missing: SNSError.resourceNotFound) { topic in
            topic.tags.removeAll { input.tagKeys.contains($0.key) }
        }
    }
}
