import AWSWire
import BatonCore
import BatonStore

/// Removes a key of a user. Errors: NoSuchEntity. Source: API reference, DeleteAccessKey.
enum DeleteAccessKey: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String?
        let accessKeyId: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let name = try Caller.userName(input.userName, context)
        return { transaction in
            let user = try Entity.existing(.user, name, context.account, transaction.db)
            let key = try AccessKey.existing(input.accessKeyId, of: user, transaction.db)
            try transaction.execute("DELETE FROM iam_access_key WHERE id = ?", key.id)
            return Nothing()
        }
    }
}
