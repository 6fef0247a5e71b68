import AWSWire
import BatonStore
import BatonCore

/// Accepts an access control list for a bucket.
/// Errors: NoSuchBucket. Source: S3 API reference, PutBucketAcl.
enum PutBucketAcl: Operation {
    static func run(_ input: BucketInput, _ context: Context) async throws(AWSError) -> Nothing {
        _ = try context.read { db in try Bucket.named(input.bucket, db) }
        return Nothing()
    }
}
