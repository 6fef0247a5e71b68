import AWSWire
import BatonCore
import BatonStore
import JSON

/// Keeps an access control list for a bucket.
/// Errors: NoSuchBucket, AccessControlListNotSupported, MalformedACLError. Source: S3 API reference, PutBucketAcl.
enum PutBucketAcl: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let bucket = try Bucket.named(input["Bucket"]?.string ?? "", transaction.db)
            try AccessControl.require(bucket, transaction.db)
            let list = try AccessControl.asked(input, bucket.account) ?? AccessControl.ownerOnly(bucket.account)
            try Configurations.put(list, AccessControl.kind, bucket.name, transaction)
            return Nothing()
        }
    }
}
