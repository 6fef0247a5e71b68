import AWSWire
import BatonCore
import BatonStore
import JSON

/// The access control list of a bucket: its owner alone where none was put.
/// Errors: NoSuchBucket. Source: S3 API reference, GetBucketAcl.
enum GetBucketAcl: Operation {
    static func run(_ input: BucketInput, _ context: Context) async throws(AWSError) -> JSON {
        try context.read { db in
            let bucket = try Bucket.named(input.bucket, db)
            return try Configurations.get(AccessControl.kind, input.bucket, db)
                ?? AccessControl.ownerOnly(bucket.account)
        }
    }
}
