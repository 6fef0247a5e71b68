import AWSWire
import BatonCore
import BatonStore

/// Makes a key of a user active or inactive. Errors: NoSuchEntity. Source: API reference, UpdateAccessKey.
enum UpdateAccessKey: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String?
        let accessKeyId: String
        let status: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let name = try Caller.userName(input.userName, context)
        return { transaction in
            let user = try Entity.existing(.user, name, context.account, transaction.db)
            let key = try AccessKey.existing(input.accessKeyId, of: user, transaction.db)
            try transaction.execute("UPDATE iam_access_key SET status = ? WHERE id = ?", input.status, key.id)
            return Nothing()
        }
    }
}
