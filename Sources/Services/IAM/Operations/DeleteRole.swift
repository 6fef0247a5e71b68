import AWSWire
import BatonCore
import BatonStore

/// Removes a role that has no policies and is in no instance profile. Errors: NoSuchEntity, DeleteConflict. Source: API reference, DeleteRole.
enum DeleteRole: WriteOperation {
    struct Input: Decodable, Sendable { let roleName: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let role = try Entity.existing(.role, input.roleName, context.account, transaction.db)
            guard try Link.profile.holders(of: role.key, role.account, transaction.db).isEmpty else {
                throw IAMError.conflict("remove roles from instance profile")
            }
            guard try Attachments.of(role, transaction.db).isEmpty else {
                throw IAMError.conflict("detach all policies")
            }
            guard role.inlinePolicies.isEmpty else { throw IAMError.conflict("delete policies") }
            try role.delete(transaction)
            return Nothing()
        }
    }
}
