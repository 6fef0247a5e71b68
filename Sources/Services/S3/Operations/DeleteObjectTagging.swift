import AWSWire
import BatonStore
import BatonCore

/// Removes all tags of an object.
/// Errors: NoSuchKey. Source: S3 API reference, DeleteObjectTagging.
enum DeleteObjectTagging: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable {
        let bucket: String
        let key: String
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let object = try StoredObject.find(input.bucket, input.key, transaction.db)
            let bucket = try Bucket.named(input.bucket, transaction.db)
            try transaction.execute(
                "UPDATE s3_objects SET tags = '[]' WHERE bucket = ? AND key = ?",
                bucket.id, input.key)
            let told = ObjectEvent.Object(key: object.key, size: nil, etag: object.etag)
            try ObjectEvent.untagged.tell(bucket, told, context, transaction)
            return Nothing()
        }
    }
}
