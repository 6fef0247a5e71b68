import AWSWire
import BatonCore
import BatonStore
import JSON

/// Keeps an access control list for an object.
/// Errors: NoSuchKey, NoSuchVersion, AccessControlListNotSupported. Source: S3 API reference, PutObjectAcl.
enum PutObjectAcl: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        { transaction in
            let found = try ObjectPlace(input).find(transaction.db)
            try AccessControl.require(found.bucket, transaction.db)
            let account = found.bucket.account
            let list = try AccessControl.asked(input, account) ?? AccessControl.ownerOnly(account)
            try found.setHeaders([AccessControl.kind: list], transaction)
            return [:]
        }
    }
}
