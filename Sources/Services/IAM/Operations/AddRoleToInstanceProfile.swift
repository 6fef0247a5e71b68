import AWSWire
import BatonCore
import BatonStore

/// Puts a role into an instance profile. Limit: one role. Errors: NoSuchEntity, LimitExceeded. Source: API reference, AddRoleToInstanceProfile.
enum AddRoleToInstanceProfile: WriteOperation {
    struct Input: Decodable, Sendable {
        let instanceProfileName: String
        let roleName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let profile = try Entity.existing(
                .profile, input.instanceProfileName, context.account, transaction.db)
            let role = try Entity.existing(.role, input.roleName, context.account, transaction.db)
            guard try Link.profile.targets(of: profile.key, profile.account, transaction.db).isEmpty else {
                throw IAMError.quota("InstanceSessionsPerInstanceProfile", 1)
            }
            try Link.profile.add(profile.account, profile.key, role.key, transaction)
            return Nothing()
        }
    }
}
