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
        Entity.rename(
            .group, input.groupName, to: input.newGroupName, path: input.newPath, context
        ) { old, new, transaction in
            try transaction.execute(
                "UPDATE iam_link SET holder = ? WHERE account = ? AND relation = 'membership' AND holder = ?", new.key,
                new.account, old.key)
        }
    }
}
