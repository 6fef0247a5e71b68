import AWSWire
import BatonStore
import BatonCore

/// Tells whether a bucket exists, and its region.
/// Errors: 404 without a body. Source: S3 API reference, HeadBucket.
enum HeadBucket: Operation {
    struct Input: Decodable { let bucket: String }
    struct Output: Encodable {
        let bucketRegion: String
        let accessPointAlias = false
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        Output(bucketRegion: try context.read { db in try Bucket.named(input.bucket, db).region })
    }
}
