import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Removes an object, or puts a delete marker before it where versions are kept; with `VersionId`, removes that version
/// for good. What does not exist is removed with success too.
/// Errors: NoSuchBucket, PreconditionFailed (`If-Match`), AccessDenied (a locked version). Source: S3 API reference,
/// DeleteObject.
enum DeleteObject: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        { transaction in
            let place = ObjectPlace(input)
            let bucket = try Bucket.named(place.bucket, transaction.db)
            try DeletionCondition(input).check(place, transaction.db)
            let change = try StoredObject.delete(
                bucket, place.key, versionId: place.versionId, mayBypass: input["BypassGovernanceRetention"] == true,
                reason: "DeleteObject", context, transaction)
            var output: JSON.Object = [:]
            output["VersionId"] = change.versionId.map(JSON.string)
            if change.isMarker { output["DeleteMarker"] = true }
            return .object(output)
        }
    }
}

/// What must hold for a deletion: the ETag (`*`: that there is an object), the time and the size of the object.
/// Source: S3 user guide, "How to perform conditional deletes".
struct DeletionCondition {
    let etag: String?
    let size: Int?
    /// Epoch seconds.
    let modified: Double?

    /// - Parameter input: of DeleteObject, or an entry of DeleteObjects, which has other names.
    init(_ input: JSON) {
        etag = input["IfMatch"]?.string ?? input["ETag"]?.string
        size = input["IfMatchSize"]?.int ?? input["Size"]?.int
        modified = input["IfMatchLastModifiedTime"]?.double ?? input["LastModifiedTime"]?.double
    }

    func check(_ place: ObjectPlace, _ db: Database) throws {
        guard etag != nil || size != nil || modified != nil else { return }
        let object = try place.find(db).object
        if let etag, etag != "*", etag.filter({ $0 != "\"" }) != object.etag {
            throw AWSError.preconditionFailed("If-Match")
        }
        if let size, size != object.size { throw AWSError.preconditionFailed("x-amz-if-match-size") }
        if let modified, modified != Double(object.modifiedMs / 1000) {
            throw AWSError.preconditionFailed("x-amz-if-match-last-modified-time")
        }
    }
}
