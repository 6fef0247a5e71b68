import AWSWire
import BatonCore
import BatonStore
import JSON

/// Keeps a version of an object until a date.
/// Errors: NoSuchKey, InvalidRequest (a bucket without Object Lock), InvalidArgument (a date that has passed),
/// AccessDenied. Source: S3 API reference, PutObjectRetention.
enum PutObjectRetention: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let (mode, until) = (input["Retention"]?["Mode"], input["Retention"]?["RetainUntilDate"])
        guard (mode == nil) == (until == nil) else { throw .malformedXML() }
        if let until = until?.double, until * 1000 <= Double(context.nowMs) {
            throw AWSError("InvalidArgument", "The retain until date must be in the future!")
        }
        return { transaction in
            let found = try ObjectPlace(input).find(transaction.db)
            try ObjectLock.requireLock(found.bucket, transaction.db)
            try ObjectLock(found.object.headers).checkChange(
                mode: mode?.string, until: until?.double, mayBypass: input["BypassGovernanceRetention"] == true,
                transaction.nowMs)
            try found.setHeaders(["ObjectLockMode": mode, "ObjectLockRetainUntilDate": until], transaction)
            return Nothing()
        }
    }
}
