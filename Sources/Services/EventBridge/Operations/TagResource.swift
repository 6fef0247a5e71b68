import AWSWire
import BatonCore
import BatonStore

/// Sets labels on a rule or an event bus. Limit: 50. Errors: ResourceNotFoundException. Source: API reference,
/// TagResource.
enum TagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceARN: String
        let tags: [Tag]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try TaggedResource.change(input.resourceARN, context) { try Tag.merged($0, input.tags) }
    }
}
