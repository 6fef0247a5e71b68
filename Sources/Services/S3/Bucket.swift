import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A bucket's row. Names are unique over all accounts, as on AWS.
struct Bucket: Sendable {
    let id: Int64
    let name: String
    let account: String
    let region: String
    let createdMs: Int64

    init(_ row: Row) {
        id = row["id"]
        name = row["name"]
        account = row["account"]
        region = row["region"]
        createdMs = row["created_ms"]
    }

    static func named(_ name: String, _ db: Database) throws -> Bucket {
        guard let row = try db.row("SELECT * FROM s3_buckets WHERE name = ?", name) else {
            throw AWSError.noSuchBucket(name)
        }
        return Bucket(row)
    }

    /// 3–63 characters; lower-case letters, digits, dots and hyphens; begins and ends with a letter or digit; no two
    /// dots in a row; not formed like an IP address. Source: S3 user guide, bucket naming rules.
    static func checkName(_ name: String) throws(AWSError) {
        let bytes = Array(name.utf8)
        let isPlain: (UInt8) -> Bool = {
            ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last, isPlain(first),
            isPlain(last), bytes.allSatisfy({ isPlain($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }),
            !parts.contains(where: \.isEmpty), !name.hasPrefix("xn--"),
            !(parts.count == 4 && parts.allSatisfy { UInt8($0) != nil })
        else { throw .invalidBucketName(name) }
    }

    /// 1–1,024 bytes of UTF-8. A key is a name in a table, never a path: `..` has no meaning in it.
    static func checkKey(_ key: String) throws(AWSError) {
        guard key.utf8.count <= 1024 else { throw .keyTooLong }
    }
}
