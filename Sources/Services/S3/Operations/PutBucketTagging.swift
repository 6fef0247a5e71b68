import AWSWire
import BatonStore
import BatonCore
import JSON

/// Replaces the tags of a bucket.
/// Errors: NoSuchBucket, InvalidTag, BadRequest (more than 50). Source: S3 API reference, PutBucketTagging.
enum PutBucketTagging: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable {
        let bucket: String
        let tagging: JSON
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let tags = try Tags.check(input.tagging["TagSet"], limit: 50)
        return { transaction in
            try Configurations.put(tags, "Tagging", input.bucket, transaction)
            return Nothing()
        }
    }
}
