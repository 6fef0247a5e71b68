import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Shows the tags of a resource or job.
/// Errors: ClientException. Source: Batch API reference, ListTagsForResource.
enum ListTagsForResource: Operation {
    struct Input: Decodable, Sendable { let resourceArn: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let tagged = try TaggedResource(input.resourceArn)
        return ["tags": .object(try context.read { db in try tagged.tags(db) })]
    }
}
