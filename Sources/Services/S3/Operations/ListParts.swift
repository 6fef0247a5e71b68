import AWSWire
import BatonStore
import BatonCore
import JSON

/// The parts of an upload by number, 1,000 a page at most.
/// Errors: NoSuchUpload. Source: S3 API reference, ListParts.
enum ListParts: Operation {
    struct Input: Decodable {
        let bucket: String
        let key: String
        let uploadId: String
        let maxParts: Int?
        /// A string in the model.
        let partNumberMarker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let marker = input.partNumberMarker.flatMap { Int($0) } ?? 0
        let limit = min(max(0, input.maxParts ?? 1000), 1000)
        let (upload, all) = try context.read { db in
            let upload = try Upload.find(input.uploadId, input.bucket, input.key, db)
            return (upload, try upload.parts(db))
        }
        let found = all.filter { $0.number > marker }
        let page = found.prefix(limit)
        var output: JSON.Object = [
            "Bucket": .string(input.bucket), "Key": .string(input.key), "UploadId": .string(input.uploadId),
            "PartNumberMarker": .string("\(marker)"), "MaxParts": .number(limit),
            "IsTruncated": .bool(found.count > page.count),
            "Parts": .array(
                page.map { part in
                    var entry: JSON.Object = [
                        "PartNumber": .number(part.number), "LastModified": .number(Double(part.modifiedMs) / 1000),
                        "ETag": .string("\"\(part.etag)\""), "Size": .number(part.size),
                    ]
                    if let algorithm = upload.checksumAlgorithm {
                        entry["Checksum\(algorithm)"] = part.checksum.map(JSON.string)
                    }
                    return .object(entry)
                }), "Owner": Owner.of(context.account), "Initiator": Owner.of(context.account),
            "StorageClass": upload.headers["StorageClass"] ?? "STANDARD",
        ]
        for name in ["ChecksumAlgorithm", "ChecksumType"] { output[name] = upload.headers[name] }
        if found.count > page.count, let last = page.last { output["NextPartNumberMarker"] = .string("\(last.number)") }
        return .object(output)
    }
}
