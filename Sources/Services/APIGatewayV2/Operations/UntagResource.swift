import AWSWire
import BatonCore
import BatonStore
import JSON

/// Takes labels from an API or a stage. Errors: NotFoundException. Source: API reference, UntagResource.
enum UntagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Tagging.change(input.resourceArn, context) { tags in
            for key in input.tagKeys { tags[key] = nil }
        }
    }
}
