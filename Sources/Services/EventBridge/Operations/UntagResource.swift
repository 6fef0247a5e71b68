import AWSWire
import BatonCore
import BatonStore

/// Takes labels from a rule or an event bus. Errors: ResourceNotFoundException. Source: API reference, UntagResource.
enum UntagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceARN: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try TaggedResource.change(input.resourceARN, context) { $0.filter { !input.tagKeys.contains($0.key) } }
    }
}
