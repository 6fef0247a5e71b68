import AWSWire
import BatonCore
import BatonStore

/// Changes name and path of a user. Errors: NoSuchEntity, EntityAlreadyExists. Source: API reference, UpdateUser.
enum UpdateUser: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String
        let newPath: String?
        let newUserName: String?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            var user = try Entity.existing(.user, input.userName, context.account, transaction.db)
            let old = user
            user.name = input.newUserName ?? user.name
            user.path = input.newPath ?? user.path
            if user.key != old.key, try Entity.find(.user, user.name, user.account, transaction.db) != nil {
                throw Kind.user.exists(user.name)
            }
            try user.update(transaction, oldKey: old.key)
            try transaction.execute(
                "UPDATE iam_link SET holder = ? WHERE account = ? AND relation = 'attachment' AND holder = ?",
                Attachments.holder(user), user.account, Attachments.holder(old))
            try transaction.execute(
                "UPDATE iam_link SET target = ? WHERE account = ? AND relation = 'membership' AND target = ?",
                user.key, user.account, old.key)
            try transaction.execute(
                "UPDATE iam_access_key SET user_key = ? WHERE account = ? AND user_key = ?", user.key, user.account,
                old.key)
            return Nothing()
        }
    }
}
