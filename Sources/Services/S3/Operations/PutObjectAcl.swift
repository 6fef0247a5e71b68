import AWSWire
import BatonStore
import BatonCore

/// Accepts an access control list for an object.
/// Errors: NoSuchKey. Source: S3 API reference, PutObjectAcl.
enum PutObjectAcl: Operation {
    struct Input: Decodable {
        let bucket: String
        let key: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        _ = try context.read { db in try StoredObject.find(input.bucket, input.key, db) }
        return Nothing()
    }
}
