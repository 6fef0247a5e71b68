import AWSWire
import BatonCore

/// The tags of a log group, named by its ARN.
/// Errors: ResourceNotFoundException, InvalidParameterException.
/// Source: CloudWatch Logs API reference, ListTagsForResource.
enum ListTagsForResource: Operation {
    struct Input: Decodable, Sendable { let resourceArn: String }
    struct Output: Encodable, Sendable { let tags: [String: String] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try GroupTags.reference(arn: input.resourceArn)
        return Output(tags: try context.read { db in try db.logGroup(reference).tags })
    }
}
