import AWSWire
import BatonCore
import BatonStore
import Foundation
import JSON

/// Copies an object, with its headers and tags (`COPY`) or with those of the request (`REPLACE`).
/// Errors: NoSuchBucket, NoSuchKey, InvalidArgument (source), InvalidRequest (onto itself without a change),
/// PreconditionFailed. Source: S3 API reference, CopyObject.
enum CopyObject: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let (bucket, key) = (input["Bucket"]?.string ?? "", input["Key"]?.string ?? "")
        try Bucket.checkKey(key)
        let source = try CopySource(input["CopySource"]?.string ?? "")
        let original = try context.read { db in
            _ = try Bucket.named(bucket, db)
            return try StoredObject.find(source.bucket, source.key, db)
        }
        try Precondition(input, prefix: "CopySource").checkRead(original, isCopy: true)
        let replaces = input["MetadataDirective"]?.string == "REPLACE"
        let changes = replaces || input["StorageClass"] != nil || input["ServerSideEncryption"] != nil
        guard changes || source.bucket != bucket || source.key != key else { throw .copyToItself }
        var headers = replaces ? try StoredObject.headers(of: input) : original.headers
        for name in ["StorageClass", "ServerSideEncryption"] {
            if let value = input[name] { headers[name] = value }
        }
        let tags =
            input["TaggingDirective"]?.string == "REPLACE"
            ? StoredObject.tags(ofHeader: input["Tagging"]?.string) : original.tags
        var expected = ExpectedDigests()
        expected.algorithm = input["ChecksumAlgorithm"]?.string
        let files = ContentFiles(context)
        let content = try await files.store(
            .file(path: files.path(original.file), offset: 0, length: original.size), expected)
        if let checksum = content.checksum { headers[checksum.member] = .string(checksum.value) }
        // A copy is one object whatever its source was made of.
        let etag = content.md5.hex
        let nowMs = try await context.write { [headers] transaction in
            try StoredObject.put(
                content, bucket: bucket, key: key, etag: etag, headers: headers, tags: tags,
                condition: Precondition(input), event: .copy, context, transaction)
            return transaction.nowMs
        }
        return [
            "CopyObjectResult": ["ETag": .string("\"\(etag)\""), "LastModified": .number(Double(nowMs) / 1000)],
            "ServerSideEncryption": headers["ServerSideEncryption"] ?? "AES256",
        ]
    }
}

/// `[/]bucket/key`, percent-encoded, with an optional version that must be that of an unversioned object.
struct CopySource {
    let bucket: String
    let key: String

    init(_ text: String) throws(AWSError) {
        let path = text.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
        let plain = path.removingPercentEncoding ?? path
        let parts = plain.drop { $0 == "/" }.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else {
            throw .invalidArgument(
                "Invalid copy source object key", "x-amz-copy-source", text)
        }
        bucket = String(parts[0])
        key = String(parts[1])
    }
}
