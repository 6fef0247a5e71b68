import AWSWire
import BatonCore
import BatonStore
import JSON

/// The access control list of an object: the bucket's owner alone where none was put.
/// Errors: NoSuchKey, NoSuchVersion. Source: S3 API reference, GetObjectAcl.
enum GetObjectAcl: Operation {
    static func run(_ input: ObjectPlace, _ context: Context) async throws(AWSError) -> JSON {
        let found = try context.read { db in try input.find(db) }
        return found.object.headers[AccessControl.kind] ?? AccessControl.ownerOnly(found.bucket.account)
    }
}
