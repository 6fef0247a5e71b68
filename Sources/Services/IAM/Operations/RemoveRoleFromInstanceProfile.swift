import AWSWire
import BatonCore
import BatonStore

/// Takes a role out of an instance profile. Errors: NoSuchEntity. Source: API reference, RemoveRoleFromInstanceProfile.
enum RemoveRoleFromInstanceProfile: WriteOperation {
    struct Input: Decodable, Sendable {
        let instanceProfileName: String
        let roleName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            let profile = try Entity.existing(
                .profile, input.instanceProfileName, context.account, transaction.db)
            let key = input.roleName.lowercased()
            guard try Link.profile.remove(profile.account, profile.key, key, transaction) else {
                throw Kind.role.notFound(input.roleName)
            }
            return Nothing()
        }
    }
}
