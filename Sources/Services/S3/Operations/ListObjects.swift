import AWSWire
import BatonStore
import BatonCore
import JSON

/// The older list of keys, which goes on from a marker.
/// Errors: NoSuchBucket. Source: S3 API reference, ListObjects.
enum ListObjects: Operation {
    struct Input: Decodable {
        let bucket: String
        let prefix: String?
        let delimiter: String?
        let encodingType: String?
        let maxKeys: Int?
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let limit = min(max(0, input.maxKeys ?? 1000), 1000)
        let listing = try context.read { db in
            try Listing.page(
                Bucket.named(input.bucket, db).id, prefix: input.prefix ?? "", delimiter: input.delimiter ?? "",
                after: input.marker ?? "", limit: limit, db)
        }
        var output: JSON.Object = [
            "Name": .string(input.bucket), "Prefix": Listing.encoded(input.prefix ?? "", input.encodingType),
            "Marker": Listing.encoded(input.marker ?? "", input.encodingType), "MaxKeys": .number(limit),
            "IsTruncated": .bool(listing.next != nil),
            "Contents": listing.contents(input.encodingType, owner: Owner.of(context.account)),
            "CommonPrefixes": listing.commonPrefixes(input.encodingType),
        ]
        output["Delimiter"] = input.delimiter.map { Listing.encoded($0, input.encodingType) }
        output["EncodingType"] = input.encodingType.map { .string($0) }
        // Only with a delimiter, as AWS: without one the last key is the marker.
        if input.delimiter != nil {
            output["NextMarker"] = listing.next.map { Listing.encoded($0, input.encodingType) }
        }
        return .object(output)
    }
}
