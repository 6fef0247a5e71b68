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
        Entity.rename(
            .user, input.userName, to: input.newUserName, path: input.newPath, context
        ) { old, new, transaction in
            try transaction.execute(
                "UPDATE iam_link SET target = ? WHERE account = ? AND relation = 'membership' AND target = ?", new.key,
                new.account, old.key)
            try transaction.execute(
                "UPDATE iam_access_key SET user_key = ? WHERE account = ? AND user_key = ?", new.key, new.account,
                old.key)
        }
    }
}
