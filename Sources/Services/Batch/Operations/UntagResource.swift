import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Removes tags from a resource or job.
/// Errors: ClientException. Source: Batch API reference, UntagResource.
enum UntagResource: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tagKeys: [String]
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let tagged = try TaggedResource(input.resourceArn)
        return { transaction in
            var tags = try tagged.tags(transaction.db)
            for key in input.tagKeys { tags[key] = nil }
            try tagged.set(tags, transaction)
            return Nothing()
        }
    }
}
