import AWSWire
import BatonCore
import BatonStore
import JSON

/// Whether a version of an object is held.
/// Errors: NoSuchKey, InvalidRequest, NoSuchObjectLockConfiguration. Source: S3 API reference, GetObjectLegalHold.
enum GetObjectLegalHold: Operation {
    static func run(_ input: ObjectPlace, _ context: Context) async throws(AWSError) -> JSON {
        let headers = try context.read { db in
            let found = try input.find(db)
            try ObjectLock.requireLock(found.bucket, db)
            return found.object.headers
        }
        guard let status = headers["ObjectLockLegalHoldStatus"] else { throw .objectWithoutLock }
        return ["LegalHold": ["Status": status]]
    }
}
