import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Whether a bucket keeps what is overwritten and deleted. Source: S3 user guide, "How S3 Versioning works".
enum Versioning: String, Sendable {
    /// Never switched on: objects have no versions, and none is named in answers.
    case never = ""
    case enabled = "Enabled"
    case suspended = "Suspended"

    static func of(_ bucket: Int64, _ db: Database) throws -> Versioning {
        let row = try db.row(
            "SELECT body FROM s3_configurations WHERE bucket = ? AND kind = ?", bucket, VersioningConfiguration.kind)
        let status = try row.flatMap { try JSON.parse($0["body"] as String)["Status"]?.string }
        return status.flatMap(Versioning.init) ?? .never
    }
}

/// The versions of keys that are not current, and delete markers. The current object of a key is a row of
/// `s3_objects`; when the newest of its rows here is a delete marker there is none. Newer rows have higher numbers.
enum ObjectVersions {
    static let columns = "bucket, key, version, file, size, etag, modified_ms, headers, tags, parts"

    static let migration = Migration(
        name: "s3-2",
        sql: """
            ALTER TABLE s3_objects ADD COLUMN version TEXT NOT NULL DEFAULT 'null';
            ALTER TABLE s3_parts ADD COLUMN checksum TEXT;
            -- file: NULL for a delete marker.
            CREATE TABLE s3_versions (
                number INTEGER PRIMARY KEY AUTOINCREMENT, bucket INTEGER NOT NULL, key TEXT NOT NULL,
                version TEXT NOT NULL, file TEXT, size INTEGER NOT NULL DEFAULT 0, etag TEXT NOT NULL DEFAULT '',
                modified_ms INTEGER NOT NULL, headers TEXT NOT NULL DEFAULT '{}', tags TEXT NOT NULL DEFAULT '[]',
                parts TEXT NOT NULL DEFAULT '[]') STRICT;
            CREATE INDEX s3_versions_by_key ON s3_versions (bucket, key, number);
            """)

    /// Makes room for a new version of a key: what is current becomes an older version, or goes where nothing is kept.
    /// - Returns: the id of the new version.
    static func makeRoom(
        _ bucket: Bucket, _ key: String, _ context: Context, _ transaction: Transaction
    ) throws -> String {
        let versioning = try Versioning.of(bucket.id, transaction.db)
        if let old = try StoredObject.findIfPresent(bucket.id, key, transaction.db) {
            if versioning == .enabled || old.version != "null" {
                try transaction.execute(
                    "INSERT INTO s3_versions (\(columns)) SELECT \(columns) FROM s3_objects WHERE bucket = ? AND key = ?",
                    bucket.id, key)
            } else {
                try ContentFiles.discard(old.file, transaction)
            }
            try transaction.execute("DELETE FROM s3_objects WHERE bucket = ? AND key = ?", bucket.id, key)
        }
        guard versioning != .enabled else { return context.random.hex(32) }
        // There is one null version of a key at most.
        if versioning == .suspended { _ = try removeOlder(bucket, key, "null", transaction) }
        return "null"
    }

    /// Puts a delete marker in front of what is current.
    static func addMarker(
        _ bucket: Bucket, _ key: String, _ context: Context, _ transaction: Transaction
    ) throws -> String {
        let version = try makeRoom(bucket, key, context, transaction)
        try transaction.execute(
            "INSERT INTO s3_versions (bucket, key, version, modified_ms) VALUES (?, ?, ?, ?)", bucket.id, key, version,
            transaction.nowMs)
        return version
    }

    /// Removes one version for good; the newest of those that are left becomes current.
    /// - Returns: whether it was a delete marker; nil when there is no such version.
    static func remove(
        _ bucket: Bucket, _ key: String, _ version: String, _ transaction: Transaction
    ) throws -> Bool? {
        let current = try StoredObject.findIfPresent(bucket.id, key, transaction.db)
        if let current, current.version == version {
            try transaction.execute("DELETE FROM s3_objects WHERE bucket = ? AND key = ?", bucket.id, key)
            try ContentFiles.discard(current.file, transaction)
            try promote(bucket, key, transaction)
            return false
        }
        guard let wasMarker = try removeOlder(bucket, key, version, transaction) else { return nil }
        if wasMarker, current == nil { try promote(bucket, key, transaction) }
        return wasMarker
    }

    private static func removeOlder(
        _ bucket: Bucket, _ key: String, _ version: String, _ transaction: Transaction
    ) throws -> Bool? {
        guard
            let row = try transaction.row(
                "DELETE FROM s3_versions WHERE bucket = ? AND key = ? AND version = ? RETURNING file", bucket.id, key,
                version)
        else { return nil }
        guard let file = row["file"] as String? else { return true }
        try ContentFiles.discard(file, transaction)
        return false
    }

    private static func promote(_ bucket: Bucket, _ key: String, _ transaction: Transaction) throws {
        guard
            let newest = try transaction.row(
                "SELECT number, file FROM s3_versions WHERE bucket = ? AND key = ? ORDER BY number DESC LIMIT 1",
                bucket.id, key), newest["file"] as String? != nil
        else { return }
        let number: Int64 = newest["number"]
        try transaction.execute(
            "INSERT INTO s3_objects (\(columns)) SELECT \(columns) FROM s3_versions WHERE number = ?", number)
        try transaction.execute("DELETE FROM s3_versions WHERE number = ?", number)
    }
}

/// One object of a bucket, at one version or the current one.
struct ObjectPlace: Decodable, Sendable {
    let bucket: String
    let key: String
    let versionId: String?

    init(bucket: String, key: String, versionId: String?) {
        (self.bucket, self.key, self.versionId) = (bucket, key, versionId)
    }

    init(_ input: JSON) {
        self.init(
            bucket: input["Bucket"]?.string ?? "", key: input["Key"]?.string ?? "",
            versionId: input["VersionId"]?.string)
    }

    struct Found {
        let bucket: Bucket
        let object: StoredObject
        /// The version as answers name it: nil in a bucket that never had versions.
        let versionId: String?
        /// The table that holds it.
        let isCurrent: Bool
    }

    /// - Throws: NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker).
    func find(_ db: Database) throws -> Found {
        let found = try Bucket.named(bucket, db)
        let versioning = try Versioning.of(found.id, db)
        let current = try StoredObject.findIfPresent(found.id, key, db)
        if let current, versionId == nil || versionId == current.version {
            return Found(
                bucket: found, object: current, versionId: versioning == .never ? nil : current.version,
                isCurrent: true)
        }
        guard let versionId else { throw try absent(found, db) }
        guard
            let row = try db.row(
                "SELECT * FROM s3_versions WHERE bucket = ? AND key = ? AND version = ?", found.id, key, versionId)
        else { throw AWSError.noSuchVersion(key, versionId) }
        guard row["file"] as String? != nil else { throw AWSError.isDeleteMarker(versionId) }
        return Found(bucket: found, object: StoredObject(row), versionId: versionId, isCurrent: false)
    }

    private func absent(_ bucket: Bucket, _ db: Database) throws -> AWSError {
        let marker = try db.row(
            "SELECT version FROM s3_versions WHERE bucket = ? AND key = ? ORDER BY number DESC LIMIT 1", bucket.id, key)
        return .noSuchKey(key, marker: marker?["version"])
    }
}

extension ObjectPlace.Found {
    /// Replaces one column of the object's row.
    func set(_ column: String, _ value: JSON, _ transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE \(isCurrent ? "s3_objects" : "s3_versions") SET \(column) = ? WHERE bucket = ? AND key = ? AND version = ?",
            value.text(), bucket.id, object.key, object.version)
    }
}
