import AWSWire
import BatonCore
import BatonStore
import JSON

/// Until when a version of an object is kept.
/// Errors: NoSuchKey, InvalidRequest, NoSuchObjectLockConfiguration. Source: S3 API reference, GetObjectRetention.
enum GetObjectRetention: Operation {
    static func run(_ input: ObjectPlace, _ context: Context) async throws(AWSError) -> JSON {
        let headers = try context.read { db in
            let found = try input.find(db)
            try ObjectLock.requireLock(found.bucket, db)
            return found.object.headers
        }
        guard let mode = headers["ObjectLockMode"], let until = headers["ObjectLockRetainUntilDate"] else {
            throw .objectWithoutLock
        }
        return ["Retention": ["Mode": mode, "RetainUntilDate": until]]
    }
}
