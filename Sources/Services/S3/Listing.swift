import AWSWire
import BatonStore
import Foundation
import GRDB
import JSON

/// A page of a bucket's keys in the order of their bytes, with common prefixes folded. Both list operations use it.
struct Listing {
    var objects: [StoredObject] = []
    var prefixes: [String] = []
    /// The last key or prefix of the page when more follows.
    var next: String?

    /// - Parameters:
    ///   - after: keys up to this one, or below it when it is a folded prefix, are left out.
    ///   - limit: objects and prefixes together, 0–1,000.
    static func page(
        _ bucket: Int64, prefix: String, delimiter: String, after: String, limit: Int, _ db: Database
    ) throws -> Listing {
        var listing = Listing()
        guard limit > 0 else { return listing }
        var place = max(prefix, after)
        var includesPlace = place != after
        if !delimiter.isEmpty, after.hasPrefix(prefix), !after.isEmpty, after.hasSuffix(delimiter) {
            place = successor(of: after)
            includesPlace = true
        }
        while true {
            // One key more than needed tells whether more follows; a folded prefix skips all of its keys at once.
            let sql =
                "SELECT * FROM s3_objects WHERE bucket = ? AND key \(includesPlace ? ">=" : ">") ? ORDER BY key LIMIT ?"
            let rows = try db.rows(sql, bucket, place, min(limit + 1, 1001))
            guard !rows.isEmpty else { return listing }
            var skip: String?
            for row in rows {
                let key: String = row["key"]
                guard key.hasPrefix(prefix) else { return listing }
                if listing.objects.count + listing.prefixes.count == limit {
                    listing.next = [listing.objects.last?.key, listing.prefixes.last].compactMap { $0 }.max()
                    return listing
                }
                if let folded = folded(key, prefix, delimiter) {
                    listing.prefixes.append(folded)
                    skip = successor(of: folded)
                    break
                }
                listing.objects.append(StoredObject(row))
                place = key
            }
            includesPlace = skip != nil
            if let skip { place = skip } else if rows.count <= limit { return listing }
        }
    }

    /// The prefix that stands for a key when it has the delimiter behind the prefix that is asked for.
    static func folded(_ key: String, _ prefix: String, _ delimiter: String) -> String? {
        guard !delimiter.isEmpty, let end = key.dropFirst(prefix.count).range(of: delimiter)?.upperBound else {
            return nil
        }
        return String(key[..<end])
    }

    /// The first text behind all that begin with `prefix`.
    static func successor(of prefix: String) -> String { prefix + "\u{10FFFF}" }

    /// With `EncodingType=url` keys leave percent-encoded.
    static func encoded(_ text: String, _ encoding: String?) -> JSON {
        guard encoding == "url" else { return .string(text) }
        var allowed = CharacterSet.alphanumerics
        allowed.formIntersection(CharacterSet(charactersIn: Unicode.Scalar(0)...Unicode.Scalar(127)))
        allowed.insert(charactersIn: "-._*/")
        return .string(text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text)
    }

    func contents(_ encoding: String?, owner: JSON?) -> JSON {
        .array(objects.map { .object(Self.entry($0, encoding, owner: owner)) })
    }

    static func entry(_ object: StoredObject, _ encoding: String?, owner: JSON?) -> JSON.Object {
        var entry: JSON.Object = [
            "Key": encoded(object.key, encoding), "LastModified": .number(Double(object.modifiedMs) / 1000),
            "ETag": object.quotedETag, "Size": .number(object.size),
            "StorageClass": object.headers["StorageClass"] ?? "STANDARD",
        ]
        let algorithms = ExpectedDigests.algorithms.filter { object.headers["Checksum\($0)"] != nil }
        if !algorithms.isEmpty {
            entry["ChecksumAlgorithm"] = .array(algorithms.map { .string($0) })
            entry["ChecksumType"] = object.headers["ChecksumType"]
        }
        entry["Owner"] = owner
        return entry
    }

    func commonPrefixes(_ encoding: String?) -> JSON {
        .array(prefixes.map { ["Prefix": Self.encoded($0, encoding)] })
    }
}
