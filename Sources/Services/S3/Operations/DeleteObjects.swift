import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes up to 1,000 objects or versions in one transaction; an entry that is refused fails alone.
/// Errors: NoSuchBucket, MalformedXML (no key, or more than 1,000). Source: S3 API reference, DeleteObjects.
enum DeleteObjects: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let entries = input["Delete"]?["Objects"]?.array ?? []
        guard (1...1000).contains(entries.count) else { throw .malformedXML() }
        let isQuiet = input["Delete"]?["Quiet"] == true
        let mayBypass = input["BypassGovernanceRetention"] == true
        let name = input["Bucket"]?.string ?? ""
        return { transaction in
            let bucket = try Bucket.named(name, transaction.db)
            var (deleted, errors): ([JSON], [JSON]) = ([], [])
            for entry in entries {
                let place = ObjectPlace(
                    bucket: name, key: entry["Key"]?.string ?? "", versionId: entry["VersionId"]?.string)
                do {
                    try DeletionCondition(entry).check(place, transaction.db)
                    let change = try StoredObject.delete(
                        bucket, place.key, versionId: place.versionId, mayBypass: mayBypass, reason: "DeleteObjects",
                        context, transaction)
                    deleted.append(Self.entry(place, change))
                } catch let error as AWSError {
                    errors.append(Self.entry(place, error))
                }
            }
            return ["Deleted": .array(isQuiet ? [] : deleted), "Errors": .array(errors)]
        }
    }

    private static func entry(_ place: ObjectPlace, _ change: StoredObject.Change) -> JSON {
        var entry: JSON.Object = ["Key": .string(place.key)]
        entry["VersionId"] = place.versionId.map(JSON.string)
        if change.isMarker {
            entry["DeleteMarker"] = true
            entry["DeleteMarkerVersionId"] = change.versionId.map(JSON.string)
        }
        return .object(entry)
    }

    private static func entry(_ place: ObjectPlace, _ error: AWSError) -> JSON {
        var entry: JSON.Object = [
            "Key": .string(place.key), "Code": .string(error.code), "Message": .string(error.message),
        ]
        entry["VersionId"] = place.versionId.map(JSON.string)
        return .object(entry)
    }
}
