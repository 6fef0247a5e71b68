import AWSWire
import BatonStore
import BatonCore
import JSON

/// The access control list of an object.
/// Errors: NoSuchKey. Source: S3 API reference, GetObjectAcl.
enum GetObjectAcl: Operation {
    struct Input: Decodable {
        let bucket: String
        let key: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        _ = try context.read { db in try StoredObject.find(input.bucket, input.key, db) }
        return AccessControl.ownerOnly(context)
    }
}
