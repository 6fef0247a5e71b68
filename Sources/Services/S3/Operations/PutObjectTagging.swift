import AWSWire
import BatonCore
import BatonStore
import JSON

/// Replaces the tags of an object.
/// Errors: NoSuchKey, NoSuchVersion, InvalidTag, BadRequest (more than 10). Source: S3 API reference, PutObjectTagging.
enum PutObjectTagging: WriteOperation {
    typealias Input = JSON
    typealias Output = ChangedTags

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<ChangedTags> {
        let tags = try Tags.check(input["Tagging"]?["TagSet"], limit: 10)
        return { transaction in
            try ChangedTags(ObjectPlace(input), tags, .tagged, context, transaction)
        }
    }
}

/// The tags of an object have been replaced.
struct ChangedTags: Encodable, Sendable {
    let versionId: String?

    init(
        _ place: ObjectPlace, _ tags: JSON, _ event: ObjectEvent, _ context: Context, _ transaction: Transaction
    ) throws {
        let found = try place.find(transaction.db)
        try found.set("tags", tags, transaction)
        try event.tell(
            found.bucket,
            ObjectEvent.Object(key: place.key, size: nil, etag: found.object.etag, versionId: found.versionId), context,
            transaction)
        versionId = found.versionId
    }
}
