import AWSWire
import BatonStore
import BatonCore
import JSON

/// Lists keys, 1,000 a page at most, with prefix, delimiter and a token to go on from.
/// Errors: NoSuchBucket, InvalidArgument (token). Source: S3 API reference, ListObjectsV2.
enum ListObjectsV2: Operation {
    struct Input: Decodable {
        let bucket: String
        let prefix: String?
        let delimiter: String?
        let encodingType: String?
        let maxKeys: Int?
        let continuationToken: String?
        let startAfter: String?
        let fetchOwner: Bool?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        var after = input.startAfter ?? ""
        if let token = input.continuationToken {
            guard let place = PageToken.decode(token)?.string else {
                throw .invalidArgument("The continuation token provided is incorrect", "continuation-token", token)
            }
            after = place
        }
        guard input.maxKeys ?? 0 >= 0 else {
            throw .invalidArgument(
                "Argument maxKeys must be an integer between 0 and 2147483647", "maxKeys", "\(input.maxKeys ?? 0)")
        }
        let limit = min(input.maxKeys ?? 1000, 1000)
        let listing = try context.read { [after] db in
            try Listing.page(
                Bucket.named(input.bucket, db).id, prefix: input.prefix ?? "", delimiter: input.delimiter ?? "",
                after: after, limit: limit, db)
        }
        let owner: JSON? = input.fetchOwner == true ? Owner.of(context.account) : nil
        var output: JSON.Object = [
            "Name": .string(input.bucket), "Prefix": Listing.encoded(input.prefix ?? "", input.encodingType),
            "MaxKeys": .number(limit), "KeyCount": .number(listing.objects.count + listing.prefixes.count),
            "IsTruncated": .bool(listing.next != nil),
            "Contents": listing.contents(input.encodingType, owner: owner),
            "CommonPrefixes": listing.commonPrefixes(input.encodingType),
        ]
        output["Delimiter"] = input.delimiter.map { Listing.encoded($0, input.encodingType) }
        output["EncodingType"] = input.encodingType.map { .string($0) }
        output["StartAfter"] = input.startAfter.map { Listing.encoded($0, input.encodingType) }
        output["ContinuationToken"] = input.continuationToken.map { .string($0) }
        output["NextContinuationToken"] = listing.next.map { .string(PageToken.encode(.string($0))) }
        return .object(output)
    }
}

/// The canonical user of an account. Assumed: AWS's ids are opaque; Baton's are the account padded to 64 digits.
enum Owner {
    static func of(_ account: String) -> JSON {
        ["ID": .string(String(repeating: "0", count: max(0, 64 - account.count)) + account)]
    }
}
