import AWSWire
import BatonCore

/// The labels of a topic. Errors: ResourceNotFound. Source: API reference, ListTagsForResource.
enum ListTagsForResource: Operation {
    struct Input: Decodable, Sendable { let resourceArn: String }
    struct Output: Encodable, Sendable { let tags: [Tag] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        guard let entry = context.service(SNS.self).topics[input.resourceArn] else { throw SNSError.resourceNotFound }
        return Output(tags: entry.topic.tags)
    }
}
