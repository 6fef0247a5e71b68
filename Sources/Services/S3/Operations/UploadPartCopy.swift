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
        let source = try CopySource.parse(input["CopySource"]?.string ?? "")
        let (started, found) = try context.read { db in
            (try Upload.find(upload, bucket, key, db), try source.find(db))
        }
        let original = found.object
        try Precondition(input, prefix: "CopySource").checkRead(original, isCopy: true)
        try CustomerKey.check(input, original, prefix: "CopySource")
        let range = try copyRange(input["CopySourceRange"]?.string, size: original.size)
        let files = ContentFiles(context)
        var expected = ExpectedDigests()
        expected.algorithm = started.checksumAlgorithm
        let content = try await files.store(
            .file(
                path: files.path(original.file), offset: range?.offset ?? 0, length: range?.length ?? original.size),
            expected)
        let nowMs = try await context.write { transaction in
            try Upload.add(content, number: number, to: upload, bucket, key, transaction)
            return transaction.nowMs
        }
        var result: JSON.Object = [
            "ETag": .string("\"\(content.md5.hex)\""), "LastModified": .number(Double(nowMs) / 1000),
        ]
        if let checksum = content.checksum { result[checksum.member] = .string(checksum.value) }
        var output: JSON.Object = ["CopyPartResult": .object(result)]
        output["CopySourceVersionId"] = found.versionId.map(JSON.string)
        return started.told(content, output)
    }

    /// Both ends must be named and lie in the source.
    private static func copyRange(_ text: String?, size: Int) throws(AWSError) -> ByteRange? {
        guard let text else { return nil }
        let bounds = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.hasPrefix("bytes="), bounds.count == 2, let first = bounds[0], let last = bounds[1], first <= last
        else {
            throw .invalidArgument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
                    + "zero-based offsets of the first and last bytes to copy", "x-amz-copy-source-range", text)
        }
        guard last < size else {
            throw .invalidArgument(
                "Range specified is not valid for source object of size: \(size)", "x-amz-copy-source-range", text)
        }
        return ByteRange(offset: first, length: last - first + 1)
    }
}
