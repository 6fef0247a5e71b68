import AWSWire
import Foundation
import BatonCore
import BatonStore
import GRDB
import JSON

/// One object's row.
struct StoredObject: Sendable {
    let key: String
    let version: String
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
        version = row["version"]
        file = row["file"]
        size = row["size"]
        etag = row["etag"]
        modifiedMs = row["modified_ms"]
        headers = (try? JSON.parse(row["headers"] as String))?.object ?? [:]
        tags = (try? JSON.parse(row["tags"] as String)) ?? []
        parts = (try? JSON.parse(row["parts"] as String))?.array?.compactMap(\.int) ?? []
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
        "Metadata", "SSECustomerAlgorithm", "SSECustomerKeyMD5", "ObjectLockMode", "ObjectLockRetainUntilDate",
        "ObjectLockLegalHoldStatus",
    ]
    /// Stored with the others and never answered among them.
    static let inner = ["Acl", "PartChecksums"]
    /// What answers to writes tell of the encryption.
    static let encryption = [
        "ServerSideEncryption", "SSECustomerAlgorithm", "SSECustomerKeyMD5", "SSEKMSKeyId", "BucketKeyEnabled",
    ]
    /// Names and values of user metadata together. Source: S3 user guide, object metadata.
    private static let metadataLimit = 2048

    static func headers(of input: JSON) throws(AWSError) -> JSON.Object {
        var headers = JSON.Object()
        for name in storedMembers { headers[name] = input[name] }
        if headers["StorageClass"] == "STANDARD" { headers["StorageClass"] = nil }
        if headers["ContentType"] == nil { headers["ContentType"] = "binary/octet-stream" }
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

    /// What a write or a deletion did, as answers tell it.
    struct Change: Sendable {
        /// nil in a bucket that never had versions.
        var versionId: String?
        /// The version named is a delete marker.
        var isMarker = false
        var modifiedMs: Int64 = 0
        /// Of the object that was written.
        var headers: JSON.Object = [:]

        /// What the answer to a write tells of version and encryption.
        func told(_ output: JSON.Object) -> JSON {
            var output = output
            for name in StoredObject.encryption { output[name] = headers[name] }
            output["VersionId"] = versionId.map(JSON.string)
            return .object(output)
        }
    }

    /// Makes `content` the object of `key`; what it replaces becomes an older version, or its file goes.
    static func put(
        _ content: StoredContent, bucket: String, key: String, etag: String, headers: JSON.Object, tags: JSON,
        parts: [Int] = [], condition: Precondition = Precondition(), event: ObjectEvent, _ context: Context,
        _ transaction: Transaction
    ) throws -> Change {
        let bucket = try Bucket.named(bucket, transaction.db)
        try condition.checkWrite(try findIfPresent(bucket.id, key, transaction.db), key)
        let headers = try encrypted(ObjectLock.applied(to: headers, bucket, transaction), bucket, transaction.db)
        let version = try ObjectVersions.makeRoom(bucket, key, context, transaction)
        try transaction.execute(
            "INSERT INTO s3_objects (\(ObjectVersions.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", bucket.id, key,
            version, content.file, content.size, etag, transaction.nowMs, JSON.object(headers).text(), tags.text(),
            JSON.array(parts.map { .number($0) }).text())
        try ContentFiles.adopt(content.file, transaction)
        let versioning = try Versioning.of(bucket.id, transaction.db)
        let versionId = versioning == .never ? nil : version
        try event.tell(
            bucket, ObjectEvent.Object(key: key, size: content.size, etag: etag, versionId: versionId), context,
            transaction)
        return Change(versionId: versionId, modifiedMs: transaction.nowMs, headers: headers)
    }

    /// With the bucket's default encryption where the request names none.
    static func encrypted(_ headers: JSON.Object, _ bucket: Bucket, _ db: Database) throws -> JSON.Object {
        guard headers["ServerSideEncryption"] == nil, headers["SSECustomerAlgorithm"] == nil else { return headers }
        let stored = try Configurations.get(EncryptionConfiguration.kind, bucket.name, db)
        let rule = stored?["Rules"]?.array?.first?["ApplyServerSideEncryptionByDefault"]
        var headers = headers
        headers["ServerSideEncryption"] = rule?["SSEAlgorithm"] ?? "AES256"
        if headers["SSEKMSKeyId"] == nil { headers["SSEKMSKeyId"] = rule?["KMSMasterKeyID"] }
        return headers
    }

    /// Removes an object, or hides it behind a delete marker; with a version, removes that one for good.
    static func delete(
        _ bucket: Bucket, _ key: String, versionId: String?, mayBypass: Bool, reason: String, _ context: Context,
        _ transaction: Transaction
    ) throws -> Change {
        let versioning = try Versioning.of(bucket.id, transaction.db)
        guard versioning == .never || versionId != nil else {
            let marker = try ObjectVersions.addMarker(bucket, key, context, transaction)
            try ObjectEvent.marked(reason).tell(
                bucket, ObjectEvent.Object(key: key, versionId: marker), context, transaction)
            return Change(versionId: marker, isMarker: true)
        }
        if let versionId {
            let place = ObjectPlace(bucket: bucket.name, key: key, versionId: versionId)
            if let found = try? place.find(transaction.db) {
                try ObjectLock(found.object.headers).checkRemoval(mayBypass: mayBypass, transaction.nowMs)
            }
        }
        let removed = try ObjectVersions.remove(bucket, key, versionId ?? "null", transaction)
        if removed != nil {
            try ObjectEvent.removed(reason).tell(
                bucket, ObjectEvent.Object(key: key, versionId: versionId), context, transaction)
        }
        return Change(versionId: versionId, isMarker: removed == true)
    }
}
