import AWSWire
import BatonCore
import BatonStore

/// Removes an instance profile without a role. Errors: NoSuchEntity, DeleteConflict. Source: API reference, DeleteInstanceProfile.
enum DeleteInstanceProfile: WriteOperation {
    struct Input: Decodable, Sendable { let instanceProfileName: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let profile = try Entity.existing(
                .profile, input.instanceProfileName, context.account, transaction.db)
            guard try Link.profile.targets(of: profile.key, profile.account, transaction.db).isEmpty else {
                throw IAMError.conflict("remove roles from instance profile")
            }
            try profile.delete(transaction)
            return Nothing()
        }
    }
}
