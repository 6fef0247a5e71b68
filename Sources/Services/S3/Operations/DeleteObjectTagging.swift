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
            _ = try StoredObject.find(input.bucket, input.key, transaction.db)
            try transaction.execute(
                "UPDATE s3_objects SET tags = '[]' WHERE bucket = ? AND key = ?",
                Bucket.named(input.bucket, transaction.db).id, input.key)
            return Nothing()
        }
    }
}
