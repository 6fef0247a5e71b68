import AWSWire
import BatonStore
import GRDB
import BatonCore

/// Removes an empty bucket.
/// Errors: NoSuchBucket, BucketNotEmpty. Source: S3 API reference, DeleteBucket.
enum DeleteBucket: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable { let bucket: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let bucket = try Bucket.named(input.bucket, transaction.db)
            let isEmpty = try ["s3_objects", "s3_versions"].allSatisfy { table in
                try transaction.row("SELECT 1 FROM \(table) WHERE bucket = ? LIMIT 1", bucket.id) == nil
            }
            guard isEmpty else { throw AWSError.bucketNotEmpty }
            for upload in try transaction.rows("SELECT id FROM s3_uploads WHERE bucket = ?", bucket.id) {
                try Upload.remove(upload["id"], transaction)
            }
            try transaction.execute("DELETE FROM s3_configurations WHERE bucket = ?", bucket.id)
            try transaction.execute("DELETE FROM s3_buckets WHERE id = ?", bucket.id)
            return Nothing()
        }
    }
}
