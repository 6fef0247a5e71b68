import AWSWire
import BatonStore
import BatonCore
import JSON

/// The access control list of a bucket.
/// Errors: NoSuchBucket. Source: S3 API reference, GetBucketAcl.
enum GetBucketAcl: Operation {
    static func run(_ input: BucketInput, _ context: Context) async throws(AWSError) -> JSON {
        _ = try context.read { db in try Bucket.named(input.bucket, db) }
        return AccessControl.ownerOnly(context)
    }
}
