import AWSWire
import BatonStore
import BatonCore
import JSON

/// The buckets of the account by name, with prefix, region and pages.
/// Errors: InvalidArgument (token). Source: S3 API reference, ListBuckets.
enum ListBuckets: Operation {
    struct Input: Decodable {
        let maxBuckets: Int?
        let continuationToken: String?
        let prefix: String?
        let bucketRegion: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        var after = ""
        if let token = input.continuationToken {
            guard let place = PageToken.decode(token)?.string else {
                throw .invalidArgument("The continuation token provided is incorrect", "continuation-token", token)
            }
            after = place
        }
        let limit = input.maxBuckets ?? 10_000
        let found = try context.read { [after] db in
            try db.rows(
                "SELECT * FROM s3_buckets WHERE account = ? AND name > ? ORDER BY name", context.account, after
            ).map { Bucket($0) }
        }.filter { bucket in
            bucket.name.hasPrefix(input.prefix ?? "") && (input.bucketRegion ?? bucket.region) == bucket.region
        }
        var output: JSON.Object = [
            "Buckets": .array(
                found.prefix(limit).map {
                    [
                        "Name": .string($0.name), "CreationDate": .number(Double($0.createdMs) / 1000),
                        "BucketRegion": .string($0.region),
                    ]
                }), "Owner": Owner.of(context.account),
        ]
        output["Prefix"] = input.prefix.map { .string($0) }
        if found.count > limit, let last = found.prefix(limit).last {
            output["ContinuationToken"] = .string(PageToken.encode(.string(last.name)))
        }
        return .object(output)
    }
}
