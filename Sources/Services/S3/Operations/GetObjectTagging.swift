import AWSWire
import BatonStore
import BatonCore
import JSON

/// The tags of an object.
/// Errors: NoSuchKey. Source: S3 API reference, GetObjectTagging.
enum GetObjectTagging: Operation {
    struct Input: Decodable {
        let bucket: String
        let key: String
    }
    struct Output: Encodable { let tagSet: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        Output(tagSet: try context.read { db in try StoredObject.find(input.bucket, input.key, db).tags })
    }
}
