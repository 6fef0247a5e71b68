import AWSWire
import BatonStore
import BatonCore
import JSON

/// The tags of a bucket.
/// Errors: NoSuchBucket, NoSuchTagSet. Source: S3 API reference, GetBucketTagging.
enum GetBucketTagging: Operation {
    struct Output: Encodable { let tagSet: JSON }

    static func run(_ input: BucketInput, _ context: Context) async throws(AWSError) -> Output {
        guard let tags = try context.read({ db in try Configurations.get("Tagging", input.bucket, db) }) else {
            throw AWSError("NoSuchTagSet", "The TagSet does not exist", status: 404)
        }
        return Output(tagSet: tags)
    }
}
