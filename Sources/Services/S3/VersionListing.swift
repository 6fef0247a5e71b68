import BatonStore
import GRDB

/// A page of the versions of a bucket's keys: keys in the order of their bytes, of each the newest first.
struct VersionListing {
    struct Version {
        let object: StoredObject
        let isLatest: Bool
    }
    struct Marker {
        let key: String
        let version: String
        let modifiedMs: Int64
        let isLatest: Bool
    }

    var versions: [Version] = []
    var markers: [Marker] = []
    var prefixes: [String] = []
    /// Where the page ends when more follows; a folded prefix has no version.
    var next: (key: String, version: String?)?

    private var count: Int { versions.count + markers.count + prefixes.count }

    /// - Parameter after: a key, and a version of it: without one, all of the key has been listed.
    static func page(
        _ bucket: Int64, prefix: String, delimiter: String, after: (key: String, version: String), limit: Int,
        _ db: Database
    ) throws -> VersionListing {
        var listing = VersionListing()
        guard limit > 0 else { return listing }
        var last: (key: String, version: String?)?
        var place = max(prefix, after.key)
        var includesPlace = place != after.key || !after.version.isEmpty
        if after.version.isEmpty, !delimiter.isEmpty, after.key.hasSuffix(delimiter), after.key.hasPrefix(prefix) {
            place = Listing.successor(of: after.key)
        }
        while let key = try nextKey(bucket, place, includesPlace, db), key.hasPrefix(prefix) {
            if let folded = Listing.folded(key, prefix, delimiter) {
                if listing.count == limit {
                    listing.next = last
                    return listing
                }
                listing.prefixes.append(folded)
                last = (folded, nil)
                (place, includesPlace) = (Listing.successor(of: folded), true)
                continue
            }
            var rows = try versions(bucket, key, db)[...]
            if key == after.key, let index = rows.firstIndex(where: { $0["version"] == after.version }) {
                rows = rows[(index + 1)...]
            }
            for row in rows {
                if listing.count == limit {
                    listing.next = last
                    return listing
                }
                listing.add(row)
                last = (key, row["version"])
            }
            (place, includesPlace) = (key, false)
        }
        return listing
    }

    private mutating func add(_ row: Row) {
        let isLatest = row["latest"] as Int == 1
        if row["file"] as String? == nil {
            markers.append(
                Marker(
                    key: row["key"], version: row["version"], modifiedMs: row["modified_ms"], isLatest: isLatest))
        } else {
            versions.append(Version(object: StoredObject(row), isLatest: isLatest))
        }
    }

    private static func nextKey(_ bucket: Int64, _ place: String, _ includes: Bool, _ db: Database) throws -> String? {
        let comparison = includes ? ">=" : ">"
        return try db.row(
            """
            SELECT min(key) AS key FROM (
                SELECT min(key) AS key FROM s3_objects WHERE bucket = ? AND key \(comparison) ?
                UNION ALL SELECT min(key) FROM s3_versions WHERE bucket = ? AND key \(comparison) ?)
            """, bucket, place, bucket, place)?["key"]
    }

    private static func versions(_ bucket: Int64, _ key: String, _ db: Database) throws -> [Row] {
        let columns = ObjectVersions.columns
        return try db.rows(
            """
            SELECT \(columns), row_number() OVER (ORDER BY number DESC) AS latest FROM (
                SELECT \(columns), 9223372036854775807 AS number FROM s3_objects WHERE bucket = ? AND key = ?
                UNION ALL SELECT \(columns), number FROM s3_versions WHERE bucket = ? AND key = ?)
            ORDER BY number DESC
            """, bucket, key, bucket, key)
    }
}
