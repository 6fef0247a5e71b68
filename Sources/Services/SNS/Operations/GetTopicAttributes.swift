import AWSWire
import BatonCore
import JSON

/// Everything that is known of a topic. Errors: InvalidParameter, NotFound. Source: API reference, GetTopicAttributes.
enum GetTopicAttributes: Operation {
    struct Input: Decodable, Sendable { let topicArn: String }
    struct Output: Encodable, Sendable { let attributes: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let arn = try ResourceName.topic(input.topicArn, region: context.region)
        guard let entry = context.service(SNS.self).topics[arn] else { throw SNSError.topicNotFound }
        let pending = entry.subscriptions.count { $0.state == .pending }
        let confirmed = entry.subscriptions.count { $0.isConfirmed }
        return Output(
            attributes: TopicAttributes.all(of: entry.topic, pending: pending, confirmed: confirmed))
    }
}
