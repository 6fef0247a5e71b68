import AWSWire
import BatonCore
import JSON

/// The tags of a state machine or an activity.
/// Errors: InvalidArn, ResourceNotFound. Source: Step Functions API reference, ListTagsForResource.
enum ListTagsForResource: Operation {
    struct Input: Decodable, Sendable { let resourceArn: String }
    struct Output: Encodable, Sendable { let tags: [Tag] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let place = try Tagged(input.resourceArn)
        return Output(tags: try context.read { db in try place.tags(db) })
    }
}
