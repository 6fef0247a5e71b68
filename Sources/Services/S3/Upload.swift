import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A multipart upload that has been started and neither completed nor aborted.
struct Upload: Sendable {
    let id: String
    let bucket: Int64
    let key: String
    let headers: JSON.Object
    let tags: JSON
    let createdMs: Int64

    init(_ row: Row) {
        id = row["id"]
        bucket = row["bucket"]
        key = row["key"]
        headers = (try? JSON.parse(row["headers"] as String))?.object ?? [:]
        tags = (try? JSON.parse(row["tags"] as String)) ?? []
        createdMs = row["created_ms"]
    }

    static func find(_ id: String, _ bucket: String, _ key: String, _ db: Database) throws -> Upload {
        let bucket = try Bucket.named(bucket, db)
        guard
            let row = try db.row("SELECT * FROM s3_uploads WHERE id = ? AND bucket = ? AND key = ?", id, bucket.id, key)
        else { throw AWSError.noSuchUpload(id) }
        return Upload(row)
    }

    /// Every part but the last has at least 5 MiB; numbers are 1–10,000. Source: S3 user guide, multipart limits.
    static let minimumPart = 5 << 20
    static let numbers = 1...10_000

    struct Part: Sendable {
        let number: Int
        let file: String
        let size: Int
        let etag: String
        let modifiedMs: Int64
        /// The additional checksum, in base64.
        let checksum: String?

        init(_ row: Row) {
            number = row["number"]
            file = row["file"]
            size = row["size"]
            etag = row["etag"]
            modifiedMs = row["modified_ms"]
            checksum = row["checksum"]
        }
    }

    func parts(_ db: Database) throws -> [Part] {
        try db.rows("SELECT * FROM s3_parts WHERE upload = ? ORDER BY number", id).map { Part($0) }
    }

    /// Removes the upload with its parts and their files.
    static func remove(_ id: String, _ transaction: Transaction) throws {
        for part in try transaction.rows("SELECT file FROM s3_parts WHERE upload = ?", id) {
            try ContentFiles.discard(part["file"], transaction)
        }
        try transaction.execute("DELETE FROM s3_parts WHERE upload = ?", id)
        try transaction.execute("DELETE FROM s3_uploads WHERE id = ?", id)
    }

    /// Adds a part; one of the same number is replaced.
    static func add(
        _ content: StoredContent, number: Int, to id: String, _ bucket: String, _ key: String,
        _ transaction: Transaction
    ) throws {
        let upload = try find(id, bucket, key, transaction.db)
        if let old = try transaction.row("SELECT file FROM s3_parts WHERE upload = ? AND number = ?", upload.id, number)
        {
            try ContentFiles.discard(old["file"], transaction)
        }
        try transaction.execute(
            """
            INSERT OR REPLACE INTO s3_parts (upload, number, file, size, etag, modified_ms, checksum)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, upload.id, number, content.file, content.size, content.md5.hex, transaction.nowMs,
            content.checksum?.value)
        try ContentFiles.adopt(content.file, transaction)
    }

    /// What is computed of each part: `ChecksumAlgorithm` and `ChecksumType` of CreateMultipartUpload.
    var checksumAlgorithm: String? { headers["ChecksumAlgorithm"]?.string }

    /// The answer of UploadPart and UploadPartCopy.
    func told(_ content: StoredContent, _ output: JSON.Object) -> JSON {
        var output = output
        for name in StoredObject.encryption { output[name] = headers[name] }
        return .object(output)
    }

    static func checkNumber(_ number: Int) throws(AWSError) {
        guard numbers.contains(number) else {
            throw .invalidArgument(
                "Part number must be an integer between 1 and 10000, inclusive", "partNumber", "\(number)")
        }
    }
}
