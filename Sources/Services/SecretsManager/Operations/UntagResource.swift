import AWSWire
import BatonCore
import BatonStore

/// Removes labels of a secret; those that it does not have are passed over. Errors: ResourceNotFoundException,
/// InvalidRequestException. Source: API reference, UntagResource.
enum UntagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            var secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            secret.tags.removeAll { input.tagKeys.contains($0.key) }
            try secret.saveChanged(transaction)
            return Nothing()
        }
    }
}
