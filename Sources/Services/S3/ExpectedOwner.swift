import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// `x-amz-expected-bucket-owner` and its like for the source of a copy: the request fails when the bucket is another
/// account's. Source: S3 user guide, "Verifying bucket ownership with bucket owner condition".
enum ExpectedOwner {
    @Sendable static func check(_ input: JSON, _ context: Context) throws(AWSError) {
        if let expected = input["ExpectedBucketOwner"]?.string, let bucket = input["Bucket"]?.string {
            try check(bucket, expected, context)
        }
        if let expected = input["ExpectedSourceBucketOwner"]?.string, let source = input["CopySource"]?.string {
            try check(try CopySource.parse(source).bucket, expected, context)
        }
    }

    /// A bucket that does not exist is the operation's own matter.
    private static func check(_ bucket: String, _ expected: String, _ context: Context) throws(AWSError) {
        let owner = try context.read { db in
            try db.row("SELECT account FROM s3_buckets WHERE name = ?", bucket)?["account"] as String?
        }
        guard owner == nil || owner == expected else { throw AWSError("AccessDenied", "Access Denied", status: 403) }
    }
}
