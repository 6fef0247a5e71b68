import AWSWire
import BatonStore
import BatonCore

/// Makes a bucket in the caller's region, or in that of `LocationConstraint`.
/// Errors: InvalidBucketName, BucketAlreadyOwnedByYou (not in us-east-1, where it succeeds), BucketAlreadyExists.
/// Source: S3 API reference, CreateBucket.
enum CreateBucket: WriteOperation {
    struct Input: Decodable {
        let bucket: String
        let createBucketConfiguration: Configuration?
        struct Configuration: Decodable { let locationConstraint: String? }
    }
    struct Output: Encodable { let location: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        try Bucket.checkName(input.bucket)
        let region = input.createBucketConfiguration?.locationConstraint ?? context.region
        let account = context.account
        return { transaction in
            if let row = try transaction.row("SELECT * FROM s3_buckets WHERE name = ?", input.bucket) {
                let old = Bucket(row)
                guard old.account == account else { throw AWSError.bucketExists }
                guard old.region == "us-east-1", region == "us-east-1" else { throw AWSError.bucketOwnedByYou }
            } else {
                try transaction.execute(
                    "INSERT INTO s3_buckets (name, account, region, created_ms) VALUES (?, ?, ?, ?)", input.bucket,
                    account,
                    region, transaction.nowMs)
            }
            return Output(location: "/\(input.bucket)")
        }
    }
}
