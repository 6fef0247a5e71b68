import AWSWire
import BatonCore
import BatonStore

/// Changes one attribute of a topic; an empty value gives up most of them.
///
/// Errors: InvalidParameter, NotFound. Source: API reference, SetTopicAttributes.
enum SetTopicAttributes: WriteOperation {
    struct Input: Decodable, Sendable {
        let topicArn: String
        let attributeName: String
        let attributeValue: String?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try ResourceName.topic(input.topicArn, region: context.region)
        let value = try TopicAttributes.checked(
            input.attributeName, input.attributeValue ?? "", isFifo: arn.hasSuffix(".fifo"), isCreating: false)
        return TopicChange.prepare(arn, context) { $0.attributes[input.attributeName] = value }
    }
}
