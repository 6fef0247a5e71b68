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
            let object = try StoredObject.find(input.bucket, input.key, transaction.db)
            let bucket = try Bucket.named(input.bucket, transaction.db)
            try transaction.execute(
                "UPDATE s3_objects SET tags = ? WHERE bucket = ? AND key = ?", tags.text(),
                bucket.id, input.key)
            let told = ObjectEvent.Object(key: object.key, size: nil, etag: object.etag)
            try ObjectEvent.tagged.tell(bucket, told, context, transaction)
            return Nothing()
        }
    }
}
