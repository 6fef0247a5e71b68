import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a user that has no keys, no policies and is in no group. Errors: NoSuchEntity, DeleteConflict. Source: API reference, DeleteUser.
enum DeleteUser: WriteOperation {
    struct Input: Decodable, Sendable { let userName: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let user = try Entity.existing(.user, input.userName, context.account, transaction.db)
            guard try AccessKey.all(of: user, transaction.db).isEmpty else {
                throw IAMError.conflict("delete access keys")
            }
            guard user.body["login"] == nil else { throw IAMError.conflict("delete login profile") }
            guard try Link.membership.holders(of: user.key, user.account, transaction.db).isEmpty else {
                throw IAMError.conflict("remove users from group")
            }
            guard try Attachments.of(user, transaction.db).isEmpty else {
                throw IAMError.conflict("detach all policies")
            }
            guard user.inlinePolicies.isEmpty else { throw IAMError.conflict("delete policies") }
            try user.delete(transaction)
            return Nothing()
        }
    }
}
