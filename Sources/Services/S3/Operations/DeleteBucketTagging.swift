import AWSWire
import BatonStore
import BatonCore

/// Removes all tags of a bucket.
/// Errors: NoSuchBucket. Source: S3 API reference, DeleteBucketTagging.
enum DeleteBucketTagging: WriteOperation {
    typealias Input = BucketInput
    typealias Output = Nothing

    static func prepare(_ input: BucketInput, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            try Configurations.delete("Tagging", input.bucket, transaction)
            return Nothing()
        }
    }
}
