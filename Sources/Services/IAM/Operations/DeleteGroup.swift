import AWSWire
import BatonCore
import BatonStore

/// Removes a group without users and policies. Errors: NoSuchEntity, DeleteConflict. Source: API reference, DeleteGroup.
enum DeleteGroup: WriteOperation {
    struct Input: Decodable, Sendable { let groupName: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let group = try Entity.existing(.group, input.groupName, context.account, transaction.db)
            guard try Link.membership.targets(of: group.key, group.account, transaction.db).isEmpty else {
                throw IAMError.conflict("remove users from group")
            }
            guard try Attachments.of(group, transaction.db).isEmpty else {
                throw IAMError.conflict("detach all policies")
            }
            guard group.inlinePolicies.isEmpty else { throw IAMError.conflict("delete policies") }
            try group.delete(transaction)
            return Nothing()
        }
    }
}
