import AWSWire
import BatonCore

/// The labels of a group. Errors: ResourceNotFoundException. Source: API reference, ListTagsForResource.
enum ListTagsForResource: BatonCore.Operation {
    struct Input: Decodable, Sendable { let resourceArn: String }
    struct Output: Encodable, Sendable { let tags: [Tag] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        Output(tags: try context.read { try ScheduleGroup.require(arn: input.resourceArn, context, $0) }.tags)
    }
}
