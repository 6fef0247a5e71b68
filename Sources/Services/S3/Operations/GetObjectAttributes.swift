import AWSWire
import BatonStore
import BatonCore
import JSON

/// The attributes of an object that were asked for, without its content.
/// Errors: NoSuchBucket, NoSuchKey. Source: S3 API reference, GetObjectAttributes.
enum GetObjectAttributes: Operation {
    struct Input: Decodable {
        let bucket: String
        let key: String
        let objectAttributes: [String]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let object = try context.read { db in try StoredObject.find(input.bucket, input.key, db) }
        var output: JSON.Object = ["LastModified": object.lastModified]
        for attribute in input.objectAttributes {
            switch attribute {
            case "ETag": output["ETag"] = .string(object.etag)
            case "ObjectSize": output["ObjectSize"] = .number(object.size)
            case "StorageClass": output["StorageClass"] = object.headers["StorageClass"] ?? "STANDARD"
            case "Checksum":
                let checksums = object.headers.filter { $0.key.hasPrefix("Checksum") }
                if !checksums.isEmpty {
                    output["Checksum"] = .object(JSON.Object(checksums.map { ($0.key, $0.value) }))
                }
            case "ObjectParts" where !object.parts.isEmpty:
                output["ObjectParts"] = ["TotalPartsCount": .number(object.parts.count)]
            default: break
            }
        }
        return .object(output)
    }
}
