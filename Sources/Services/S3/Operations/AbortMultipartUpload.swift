import AWSWire
import BatonStore
import BatonCore

/// Gives up a multipart upload and its parts.
/// Errors: NoSuchUpload. Source: S3 API reference, AbortMultipartUpload.
enum AbortMultipartUpload: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable {
        let bucket: String
        let key: String
        let uploadId: String
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            try Upload.remove(Upload.find(input.uploadId, input.bucket, input.key, transaction.db).id, transaction)
            return Nothing()
        }
    }
}
