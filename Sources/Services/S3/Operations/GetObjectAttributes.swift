import AWSWire
import BatonStore
import BatonCore
import JSON

/// The attributes of an object that were asked for, without its content.
/// Errors: NoSuchBucket, NoSuchKey. Source: S3 API reference, GetObjectAttributes.
enum GetObjectAttributes: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let found = try context.read { db in try ObjectPlace(input).find(db) }
        let object = found.object
        try CustomerKey.check(input, object)
        var output: JSON.Object = ["LastModified": object.lastModified]
        output["VersionId"] = found.versionId.map(JSON.string)
        for attribute in input["ObjectAttributes"]?.array ?? [] {
            switch attribute.string {
            case "ETag": output["ETag"] = .string(object.etag)
            case "ObjectSize": output["ObjectSize"] = .number(object.size)
            case "StorageClass": output["StorageClass"] = object.headers["StorageClass"] ?? "STANDARD"
            case "Checksum":
                let checksums = object.headers.filter { $0.key.hasPrefix("Checksum") }
                if !checksums.isEmpty {
                    output["Checksum"] = .object(JSON.Object(checksums.map { ($0.key, $0.value) }))
                }
            case "ObjectParts" where !object.parts.isEmpty:
                output["ObjectParts"] = parts(object, input)
            default: break
            }
        }
        return .object(output)
    }

    /// The parts one by one are known of objects with additional checksums alone, as on AWS.
    private static func parts(_ object: StoredObject, _ input: JSON) -> JSON {
        let count: JSON = .number(object.parts.count)
        guard let checksums = object.headers["PartChecksums"]?.array,
            let algorithm = ExpectedDigests.algorithms.first(where: { object.headers["Checksum\($0)"] != nil })
        else { return ["TotalPartsCount": count] }
        let marker = min(max(0, input["PartNumberMarker"]?.string.flatMap { Int($0) } ?? 0), object.parts.count)
        let limit = min(max(0, input["MaxParts"]?.int ?? 1000), 1000)
        let page = Array(zip(object.parts, checksums).enumerated().dropFirst(marker).prefix(limit))
        let last = page.last.map { $0.offset + 1 } ?? marker
        return [
            "TotalPartsCount": count, "PartNumberMarker": .string("\(marker)"), "MaxParts": .number(limit),
            "NextPartNumberMarker": .string("\(last)"), "IsTruncated": .bool(last < object.parts.count),
            "Parts": .array(
                page.map { index, part in
                    ["PartNumber": .number(index + 1), "Size": .number(part.0), "Checksum\(algorithm)": part.1]
                }),
        ]
    }
}
