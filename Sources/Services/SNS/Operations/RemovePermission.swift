import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a statement from the topic's policy; one that is not there is removed as well.
///
/// Errors: InvalidParameter, NotFound. Source: API reference, RemovePermission.
enum RemovePermission: WriteOperation {
    struct Input: Decodable, Sendable {
        let topicArn: String
        let label: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try ResourceName.topic(input.topicArn, region: context.region)
        return TopicChange.prepare(arn, context) { topic in
            var policy = TopicPolicy(topic.policy)
            policy.remove(label: input.label)
            topic.attributes["Policy"] = policy.document.text()
        }
    }
}
