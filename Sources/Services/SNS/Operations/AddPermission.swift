import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a statement to the topic's policy. Errors: InvalidParameter, NotFound. Source: API reference, AddPermission.
enum AddPermission: WriteOperation {
    struct Input: Decodable, Sendable {
        let topicArn: String
        let label: String
        let aWSAccountId: [String]
        let actionName: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try ResourceName.topic(input.topicArn, region: context.region)
        return TopicChange.prepare(arn, context) { topic in
            var policy = TopicPolicy(topic.policy)
            try policy.add(
                label: input.label, accounts: input.aWSAccountId, actions: input.actionName, resource: arn)
            topic.attributes["Policy"] = policy.document.text()
        }
    }
}
