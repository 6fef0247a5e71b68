import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes tags; keys that are not there are no error.
/// Errors: InvalidArn, ResourceNotFound. Source: Step Functions API reference, UntagResource.
enum UntagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tagKeys: [String]
    }
    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let place = try Tagged(input.resourceArn)
        let keys = Set(input.tagKeys)
        return { tx in
            try place.store(try place.tags(tx.db).filter { !keys.contains($0.key) }, tx)
            return Nothing()
        }
    }
}
