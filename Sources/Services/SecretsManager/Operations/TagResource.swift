import AWSWire
import BatonCore
import BatonStore

/// Sets labels of a secret, 50 at most. Errors: ResourceNotFoundException, InvalidRequestException,
/// InvalidParameterException. Source: API reference, TagResource.
enum TagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let tags: [Tag]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            var secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            try secret.tag(input.tags)
            try secret.saveChanged(transaction)
            return Nothing()
        }
    }
}

extension Secret {
    /// - Throws: InvalidParameterException. Assumed: the texts.
    mutating func tag(_ changes: [Tag]) throws(AWSError) {
        for tag in changes {
            guard !tag.key.lowercased().hasPrefix("aws:") else {
                throw SecretsManagerError.parameter("Tag keys starting with 'aws:' are reserved for system use.")
            }
            if let index = tags.firstIndex(where: { $0.key == tag.key }) { tags[index] = tag } else { tags.append(tag) }
        }
        guard tags.count <= Limits.tags else {
            throw SecretsManagerError.parameter("A secret has at most \(Limits.tags) tags.")
        }
    }
}
