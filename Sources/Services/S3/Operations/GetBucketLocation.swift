import AWSWire
import BatonStore
import BatonCore

/// The region of a bucket; absent for us-east-1, as AWS has it.
/// Errors: NoSuchBucket. Source: S3 API reference, GetBucketLocation.
enum GetBucketLocation: Operation {
    struct Input: Decodable { let bucket: String }
    struct Output: Encodable { let locationConstraint: String? }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let region = try context.read { db in try Bucket.named(input.bucket, db).region }
        return Output(locationConstraint: region == "us-east-1" ? nil : region)
    }
}
