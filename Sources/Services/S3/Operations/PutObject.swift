import AWSWire
import BatonStore
import BatonCore
import JSON

/// Stores an object, at most 5 GiB. The content is on disk before the row is committed.
/// Errors: NoSuchBucket, KeyTooLongError, InvalidDigest, BadDigest, EntityTooLarge, MetadataTooLarge,
/// PreconditionFailed. Source: S3 API reference, PutObject.
enum PutObject: Operation {
    static let sizeLimit = 5 << 30

    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let (bucket, key) = (input["Bucket"]?.string ?? "", input["Key"]?.string ?? "")
        try Bucket.checkKey(key)
        let list = try context.read { db in try AccessControl.ofNewObject(input, Bucket.named(bucket, db), db) }
        let body = context.request?.body ?? .bytes(input["Body"]?.bytes ?? [])
        guard body.count <= sizeLimit else { throw .entityTooLarge }
        let expected = try ExpectedDigests(
            contentMD5: input["ContentMD5"]?.string, checksumAlgorithm: input["ChecksumAlgorithm"]?.string,
            members: input.object ?? [:])
        var headers = try StoredObject.headers(of: CustomerKey.completed(input))
        headers[AccessControl.kind] = list
        let content = try await ContentFiles(context).store(body, expected)
        headers = headers.adding(content.checksum)
        let etag = content.md5.hex
        let tags = try Tags.check(StoredObject.tags(ofHeader: input["Tagging"]?.string), limit: 10)
        let change = try await context.write { [headers] transaction in
            try StoredObject.put(
                content, bucket: bucket, key: key, etag: etag, headers: headers, tags: tags,
                condition: Precondition(input), event: .put, context, transaction)
        }
        let output: JSON.Object = ["ETag": .string("\"\(etag)\"")]
        return change.told(output.adding(content.checksum))
    }
}

extension [UInt8] {
    /// Lower-case hexadecimal digits.
    var hex: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0F)]] }, as: UTF8.self)
    }
}
