import AWSWire
import BatonCore
import BatonStore

/// Changes name and path of a group. Errors: NoSuchEntity, EntityAlreadyExists. Source: API reference, UpdateGroup.
enum UpdateGroup: WriteOperation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let newPath: String?
        let newGroupName: String?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            var group = try Entity.existing(.group, input.groupName, context.account, transaction.db)
            let old = group
            group.name = input.newGroupName ?? group.name
            group.path = input.newPath ?? group.path
            if group.key != old.key, try Entity.find(.group, group.name, group.account, transaction.db) != nil {
                throw Kind.group.exists(group.name)
            }
            try group.update(transaction, oldKey: old.key)
            try transaction.execute(
                "UPDATE iam_link SET holder = ? WHERE account = ? AND relation = 'attachment' AND holder = ?",
                Attachments.holder(group), group.account, Attachments.holder(old))
            try transaction.execute(
                "UPDATE iam_link SET holder = ? WHERE account = ? AND relation = 'membership' AND holder = ?",
                group.key, group.account, old.key)
            return Nothing()
        }
    }
}
