import AWSWire
import BatonStore
import BatonCore
import JSON

/// Removes an object; one that does not exist is removed with success too.
/// Errors: NoSuchBucket. Source: S3 API reference, DeleteObject.
enum DeleteObject: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable {
        let bucket: String
        let key: String
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let bucket = try Bucket.named(input.bucket, transaction.db)
            try StoredObject.delete(bucket, input.key, event: .delete, context, transaction)
            return Nothing()
        }
    }
}
