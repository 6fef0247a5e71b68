import AWSWire
import BatonCore
import BatonStore
import JSON

/// Sets labels on an API or a stage. Errors: NotFoundException. Source: API reference, TagResource.
enum TagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tags: [String: String]?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Tagging.change(input.resourceArn, context) { tags in
            for (key, value) in input.tags ?? [:] { tags[key] = .string(value) }
        }
    }
}
