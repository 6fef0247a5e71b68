import AWSWire
import BatonStore
import BatonCore
import JSON

/// Starts a multipart upload.
/// Errors: NoSuchBucket, KeyTooLongError. Source: S3 API reference, CreateMultipartUpload.
enum CreateMultipartUpload: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let (bucket, key) = (input["Bucket"]?.string ?? "", input["Key"]?.string ?? "")
        try Bucket.checkKey(key)
        let headers = try StoredObject.headers(of: input)
        let tags = StoredObject.tags(ofHeader: input["Tagging"]?.string)
        let id = context.random.hex(64)
        return { transaction in
            let found = try Bucket.named(bucket, transaction.db)
            try transaction.execute(
                "INSERT INTO s3_uploads (id, bucket, key, headers, tags, created_ms) VALUES (?, ?, ?, ?, ?, ?)", id,
                found.id, key, JSON.object(headers).text(), tags.text(), transaction.nowMs)
            var output: JSON = [
                "Bucket": .string(bucket), "Key": .string(key), "UploadId": .string(id),
                "ServerSideEncryption": "AES256",
            ]
            output["ChecksumAlgorithm"] = input["ChecksumAlgorithm"]
            output["ChecksumType"] = input["ChecksumType"]
            return output
        }
    }
}
