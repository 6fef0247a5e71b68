import AWSWire
import BatonStore
import BatonCore

/// Removes up to 1,000 objects in one transaction.
/// Errors: NoSuchBucket, MalformedXML (no key, or more than 1,000). Source: S3 API reference, DeleteObjects.
enum DeleteObjects: WriteOperation {
    struct Input: Decodable {
        let bucket: String
        let delete: Deletion
        struct Deletion: Decodable {
            let objects: [Object]
            let quiet: Bool?
        }
        struct Object: Decodable { let key: String }
    }
    struct Output: Encodable {
        let deleted: [Deleted]
        struct Deleted: Encodable { let key: String }
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        guard (1...1000).contains(input.delete.objects.count) else { throw .malformedXML() }
        return { transaction in
            let bucket = try Bucket.named(input.bucket, transaction.db)
            for object in input.delete.objects {
                try StoredObject.delete(bucket, object.key, event: .deleteMany, context, transaction)
            }
            let isQuiet = input.delete.quiet ?? false
            return Output(deleted: isQuiet ? [] : input.delete.objects.map { Output.Deleted(key: $0.key) })
        }
    }
}
