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
        var headers = try StoredObject.headers(of: CustomerKey.completed(input))
        let (algorithm, type) = try MultipartChecksum.asked(input)
        headers["ChecksumAlgorithm"] = algorithm
        headers["ChecksumType"] = type
        let tags = try Tags.check(StoredObject.tags(ofHeader: input["Tagging"]?.string), limit: 10)
        let id = context.random.hex(64)
        return { [headers] transaction in
            let found = try Bucket.named(bucket, transaction.db)
            var headers = try ObjectLock.applied(to: headers, found, transaction)
            headers[AccessControl.kind] = try AccessControl.ofNewObject(input, found, transaction.db)
            headers = try StoredObject.encrypted(headers, found, transaction.db)
            try transaction.execute(
                "INSERT INTO s3_uploads (id, bucket, key, headers, tags, created_ms) VALUES (?, ?, ?, ?, ?, ?)", id,
                found.id, key, JSON.object(headers).text(), tags.text(), transaction.nowMs)
            var output: JSON.Object = [
                "Bucket": .string(bucket), "Key": .string(key), "UploadId": .string(id),
            ]
            for name in StoredObject.encryption { output[name] = headers[name] }
            output["ChecksumAlgorithm"] = algorithm
            output["ChecksumType"] = type
            return .object(output)
        }
    }
}
