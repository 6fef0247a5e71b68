import AWSWire
import BatonCore
import BatonStore

/// Puts a user into a group; once in it stays there. Errors: NoSuchEntity. Source: API reference, AddUserToGroup.
enum AddUserToGroup: WriteOperation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let userName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let group = try Entity.existing(.group, input.groupName, context.account, transaction.db)
            let user = try Entity.existing(.user, input.userName, context.account, transaction.db)
            try Link.membership.add(group.account, group.key, user.key, transaction)
            return Nothing()
        }
    }
}
