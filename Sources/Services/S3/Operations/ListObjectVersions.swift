import AWSWire
import BatonCore
import BatonStore
import JSON

/// Lists versions and delete markers by key, the newest of a key first, 1,000 a page at most.
/// Errors: NoSuchBucket, InvalidArgument (a version without its key). Source: S3 API reference, ListObjectVersions.
enum ListObjectVersions: Operation {
    struct Input: Decodable {
        let bucket: String
        let prefix: String?
        let delimiter: String?
        let encodingType: String?
        let maxKeys: Int?
        let keyMarker: String?
        let versionIdMarker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        if let version = input.versionIdMarker, !version.isEmpty, (input.keyMarker ?? "").isEmpty {
            throw .invalidArgument(
                "A version-id marker cannot be specified without a key marker.", "version-id-marker", version)
        }
        let limit = min(max(0, input.maxKeys ?? 1000), 1000)
        let listing = try context.read { db in
            try VersionListing.page(
                Bucket.named(input.bucket, db).id, prefix: input.prefix ?? "", delimiter: input.delimiter ?? "",
                after: (input.keyMarker ?? "", input.versionIdMarker ?? ""), limit: limit, db)
        }
        let owner = Owner.of(context.account)
        func encoded(_ text: String) -> JSON { Listing.encoded(text, input.encodingType) }
        var output: JSON.Object = [
            "Name": .string(input.bucket), "Prefix": encoded(input.prefix ?? ""),
            "KeyMarker": encoded(input.keyMarker ?? ""), "VersionIdMarker": .string(input.versionIdMarker ?? ""),
            "MaxKeys": .number(limit), "IsTruncated": .bool(listing.next != nil),
            "Versions": .array(
                listing.versions.map { version in
                    var entry = Listing.entry(version.object, input.encodingType, owner: owner)
                    entry["VersionId"] = .string(version.object.version)
                    entry["IsLatest"] = .bool(version.isLatest)
                    return .object(entry)
                }),
            "DeleteMarkers": .array(
                listing.markers.map { marker in
                    [
                        "Key": encoded(marker.key), "VersionId": .string(marker.version), "Owner": owner,
                        "IsLatest": .bool(marker.isLatest),
                        "LastModified": .number(Double(marker.modifiedMs) / 1000),
                    ]
                }),
            "CommonPrefixes": .array(listing.prefixes.map { ["Prefix": encoded($0)] }),
        ]
        output["Delimiter"] = input.delimiter.map(encoded)
        output["EncodingType"] = input.encodingType.map { .string($0) }
        if let next = listing.next {
            output["NextKeyMarker"] = encoded(next.key)
            output["NextVersionIdMarker"] = next.version.map(JSON.string)
        }
        return .object(output)
    }
}
