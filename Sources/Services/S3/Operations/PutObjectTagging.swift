import AWSWire
import BatonStore
import BatonCore
import JSON

/// Replaces the tags of an object.
/// Errors: NoSuchKey, InvalidTag, BadRequest (more than 10). Source: S3 API reference, PutObjectTagging.
enum PutObjectTagging: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable {
        let bucket: String
        let key: String
        let tagging: JSON
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let tags = try Tags.check(input.tagging["TagSet"], limit: 10)
        return { transaction in
            _ = try StoredObject.find(input.bucket, input.key, transaction.db)
            try transaction.execute(
                "UPDATE s3_objects SET tags = ? WHERE bucket = ? AND key = ?", tags.text(),
                Bucket.named(input.bucket, transaction.db).id, input.key)
            return Nothing()
        }
    }
}
