import AWSWire
import BatonCore
import BatonStore
import JSON

/// The tags of an object.
/// Errors: NoSuchKey, NoSuchVersion. Source: S3 API reference, GetObjectTagging.
enum GetObjectTagging: Operation {
    struct Output: Encodable {
        let tagSet: JSON
        let versionId: String?
    }

    static func run(_ input: ObjectPlace, _ context: Context) async throws(AWSError) -> Output {
        let found = try context.read { db in try input.find(db) }
        return Output(tagSet: found.object.tags, versionId: found.versionId)
    }
}
