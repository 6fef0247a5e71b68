import AWSWire
import BatonCore
import BatonStore

/// Takes a user out of a group. Errors: NoSuchEntity. Source: API reference, RemoveUserFromGroup.
enum RemoveUserFromGroup: WriteOperation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let userName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let group = try Entity.existing(.group, input.groupName, context.account, transaction.db)
            let user = try Entity.existing(.user, input.userName, context.account, transaction.db)
            try Link.membership.remove(group.account, group.key, user.key, transaction)
            return Nothing()
        }
    }
}
