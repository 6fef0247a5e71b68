import AWSWire
import BatonStore
import BatonCore
import JSON

/// Makes a part of an existing object or of a range of it.
/// Errors: NoSuchUpload, NoSuchKey, InvalidArgument, PreconditionFailed. Source: S3 API reference, UploadPartCopy.
enum UploadPartCopy: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let (bucket, key) = (input["Bucket"]?.string ?? "", input["Key"]?.string ?? "")
        let (upload, number) = (input["UploadId"]?.string ?? "", input["PartNumber"]?.int ?? 0)
        try Upload.checkNumber(number)
        let source = try CopySource(input["CopySource"]?.string ?? "")
        let original = try context.read { db in
            _ = try Upload.find(upload, bucket, key, db)
            return try StoredObject.find(source.bucket, source.key, db)
        }
        try Precondition(input, prefix: "CopySource").checkRead(original, isCopy: true)
        let range = try ByteRange.of(input["CopySourceRange"]?.string, size: original.size)
        let files = ContentFiles(context)
        let content = try await files.store(
            .file(
                path: files.path(original.file), offset: range?.offset ?? 0, length: range?.length ?? original.size),
            ExpectedDigests())
        let nowMs = try await context.write { transaction in
            try Upload.add(content, number: number, to: upload, bucket, key, transaction)
            return transaction.nowMs
        }
        return [
            "CopyPartResult": [
                "ETag": .string("\"\(content.md5.hex)\""), "LastModified": .number(Double(nowMs) / 1000),
            ], "ServerSideEncryption": "AES256",
        ]
    }
}
