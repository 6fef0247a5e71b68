import AWSWire
import BatonStore
import BatonCore
import JSON

/// Stores one part of a multipart upload, at most 5 GiB.
/// Errors: NoSuchUpload, InvalidArgument (number), BadDigest, EntityTooLarge. Source: S3 API reference, UploadPart.
enum UploadPart: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let (bucket, key) = (input["Bucket"]?.string ?? "", input["Key"]?.string ?? "")
        let (id, number) = (input["UploadId"]?.string ?? "", input["PartNumber"]?.int ?? 0)
        try Upload.checkNumber(number)
        let upload = try context.read { db in try Upload.find(id, bucket, key, db) }
        let body = context.request?.body ?? .bytes(input["Body"]?.bytes ?? [])
        guard body.count <= PutObject.sizeLimit else { throw .entityTooLarge }
        var expected = try ExpectedDigests(
            contentMD5: input["ContentMD5"]?.string, checksumAlgorithm: input["ChecksumAlgorithm"]?.string,
            members: input.object ?? [:])
        try MultipartChecksum.require(&expected, upload)
        let content = try await ContentFiles(context).store(body, expected)
        try await context.write { transaction in
            try Upload.add(content, number: number, to: id, bucket, key, transaction)
        }
        var output: JSON.Object = ["ETag": .string("\"\(content.md5.hex)\"")]
        if let checksum = content.checksum { output[checksum.member] = .string(checksum.value) }
        return upload.told(content, output)
    }
}
