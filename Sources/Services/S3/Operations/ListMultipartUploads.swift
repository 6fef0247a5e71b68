import AWSWire
import BatonStore
import BatonCore
import JSON

/// The unfinished uploads of a bucket by key, 1,000 a page at most.
/// Errors: NoSuchBucket. Source: S3 API reference, ListMultipartUploads.
enum ListMultipartUploads: Operation {
    struct Input: Decodable {
        let bucket: String
        let prefix: String?
        let keyMarker: String?
        let uploadIdMarker: String?
        let maxUploads: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let limit = min(max(0, input.maxUploads ?? 1000), 1000)
        let (key, id) = (input.keyMarker ?? "", input.uploadIdMarker ?? "")
        let found = try context.read { db in
            let bucket = try Bucket.named(input.bucket, db)
            return try db.rows("SELECT * FROM s3_uploads WHERE bucket = ? ORDER BY key, id", bucket.id).map {
                Upload($0)
            }
        }.filter { upload in
            upload.key.hasPrefix(input.prefix ?? "")
                && (upload.key > key || (upload.key == key && !id.isEmpty && upload.id > id))
        }
        let page = found.prefix(limit)
        var output: JSON.Object = [
            "Bucket": .string(input.bucket), "KeyMarker": .string(key), "UploadIdMarker": .string(id),
            "MaxUploads": .number(limit), "IsTruncated": .bool(found.count > page.count),
            "Uploads": .array(
                page.map {
                    [
                        "UploadId": .string($0.id), "Key": .string($0.key),
                        "StorageClass": $0.headers["StorageClass"] ?? "STANDARD",
                        "Initiated": .number(Double($0.createdMs) / 1000), "Owner": Owner.of(context.account),
                        "Initiator": Owner.of(context.account),
                    ]
                }),
        ]
        output["Prefix"] = input.prefix.map { .string($0) }
        if found.count > page.count, let last = page.last {
            output["NextKeyMarker"] = .string(last.key)
            output["NextUploadIdMarker"] = .string(last.id)
        }
        return .object(output)
    }
}
