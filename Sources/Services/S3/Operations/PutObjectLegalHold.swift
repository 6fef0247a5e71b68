import AWSWire
import BatonCore
import BatonStore
import JSON

/// Holds a version of an object, or lets it go.
/// Errors: NoSuchKey, InvalidRequest (a bucket without Object Lock). Source: S3 API reference, PutObjectLegalHold.
enum PutObjectLegalHold: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        guard let status = input["LegalHold"]?["Status"] else { throw .malformedXML() }
        return { transaction in
            let found = try ObjectPlace(input).find(transaction.db)
            try ObjectLock.requireLock(found.bucket, transaction.db)
            try found.setHeaders(["ObjectLockLegalHoldStatus": status], transaction)
            return Nothing()
        }
    }
}
