import AWSWire
import Foundation
import BatonCore
import BatonStore
import GRDB
import JSON

/// One object's row.
struct StoredObject: Sendable {
    let key: String
    let file: String
    let size: Int
    /// Without its quotes.
    let etag: String
    let modifiedMs: Int64
    /// What was stored with it and is answered with it, under the names of the model's members: `ContentType`,
    /// `Metadata`, `ChecksumCRC32` …
    let headers: JSON.Object
    /// `[{"Key","Value"}]`
    let tags: JSON
    /// The sizes of the parts of a multipart upload, in order; empty for an object that came whole.
    let parts: [Int]

    init(_ row: Row) {
        key = row["key"]
        file = row["file"]
        size = row["size"]
        etag = row["etag"]
        modifiedMs = row["modified_ms"]
        headers = (try? JSON.parse(row["headers"] as String))?.object ?? [:]
        tags = (try? JSON.parse(row["tags"] as String)) ?? []
        parts = (try? JSON.parse(row["parts"] as String))?.array?.compactMap(\.int) ?? []
    }

    static func find(_ bucket: String, _ key: String, _ db: Database) throws -> StoredObject {
        guard let object = try findIfPresent(Bucket.named(bucket, db).id, key, db) else {
            throw AWSError.noSuchKey(key)
        }
        return object
    }

    static func findIfPresent(_ bucket: Int64, _ key: String, _ db: Database) throws -> StoredObject? {
        try db.row("SELECT * FROM s3_objects WHERE bucket = ? AND key = ?", bucket, key).map { StoredObject($0) }
    }

    var quotedETag: JSON { .string("\"\(etag)\"") }
    /// Whole seconds, as HTTP dates are.
    var lastModified: JSON { .number(Int(modifiedMs / 1000)) }

    // MARK: Headers

    /// The members of a request that are stored with the object. Source: PutObject, request headers.
    private static let storedMembers = [
        "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires",
        "WebsiteRedirectLocation", "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "StorageClass",
        "Metadata",
    ]
    /// Names and values of user metadata together. Source: S3 user guide, object metadata.
    private static let metadataLimit = 2048

    static func headers(of input: JSON) throws(AWSError) -> JSON.Object {
        var headers = JSON.Object()
        for name in storedMembers { headers[name] = input[name] }
        if headers["StorageClass"] == "STANDARD" { headers["StorageClass"] = nil }
        if headers["ContentType"] == nil { headers["ContentType"] = "binary/octet-stream" }
        if headers["ServerSideEncryption"] == nil { headers["ServerSideEncryption"] = "AES256" }
        // aws-chunked is how the body travelled, not what it is.
        if let encoding = headers["ContentEncoding"]?.string {
            let kept = encoding.split(separator: ",").map { $0.drop { $0 == " " } }.filter { $0 != "aws-chunked" }
            headers["ContentEncoding"] = kept.isEmpty ? nil : .string(kept.joined(separator: ","))
        }
        let metadata = headers["Metadata"]?.object ?? [:]
        guard metadata.reduce(0, { $0 + $1.key.utf8.count + ($1.value.string?.utf8.count ?? 0) }) <= metadataLimit
        else {
            throw .metadataTooLarge
        }
        return headers
    }

    /// The tags of an `x-amz-tagging` header: `a=1&b=2`, percent-encoded.
    static func tags(ofHeader text: String?) -> JSON {
        guard let text, !text.isEmpty else { return [] }
        return .array(
            text.split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                func plain(_ text: Substring) -> JSON {
                    let spaced = text.replacing("+", with: " ")
                    return .string(spaced.removingPercentEncoding ?? String(spaced))
                }
                return ["Key": plain(parts[0]), "Value": parts.count > 1 ? plain(parts[1]) : ""]
            })
    }

    // MARK: Writing

    /// Makes `content` the object of `key`; the file of the object that it replaces goes.
    static func put(
        _ content: StoredContent, bucket: String, key: String, etag: String, headers: JSON.Object, tags: JSON,
        parts: [Int] = [], condition: Precondition = Precondition(), event: ObjectEvent, _ context: Context,
        _ transaction: Transaction
    ) throws {
        let bucket = try Bucket.named(bucket, transaction.db)
        let old = try findIfPresent(bucket.id, key, transaction.db)
        try condition.checkWrite(old, key)
        try transaction.execute(
            """
            INSERT OR REPLACE INTO s3_objects (bucket, key, file, size, etag, modified_ms, headers, tags, parts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, bucket.id, key, content.file, content.size, etag, transaction.nowMs, JSON.object(headers).text(),
            tags.text(), JSON.array(parts.map { .number($0) }).text())
        try ContentFiles.adopt(content.file, transaction)
        if let old { try ContentFiles.discard(old.file, transaction) }
        try event.tell(bucket, ObjectEvent.Object(key: key, size: content.size, etag: etag), context, transaction)
    }

    @discardableResult
    static func delete(
        _ bucket: Bucket, _ key: String, event: ObjectEvent, _ context: Context, _ transaction: Transaction
    ) throws -> Bool {
        guard let old = try findIfPresent(bucket.id, key, transaction.db) else { return false }
        try transaction.execute("DELETE FROM s3_objects WHERE bucket = ? AND key = ?", bucket.id, key)
        try ContentFiles.discard(old.file, transaction)
        try event.tell(bucket, ObjectEvent.Object(key: key), context, transaction)
        return true
    }
}
