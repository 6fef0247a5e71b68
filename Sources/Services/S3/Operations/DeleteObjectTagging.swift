import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes all tags of an object.
/// Errors: NoSuchKey, NoSuchVersion. Source: S3 API reference, DeleteObjectTagging.
enum DeleteObjectTagging: WriteOperation {
    typealias Input = ObjectPlace
    typealias Output = ChangedTags

    static func prepare(_ input: ObjectPlace, _ context: Context) throws(AWSError) -> Write<ChangedTags> {
        { transaction in try ChangedTags(input, [], .untagged, context, transaction) }
    }
}
