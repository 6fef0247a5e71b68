import AWSWire
import BatonCore
import JSON

/// The instance profiles that hold a role. Errors: NoSuchEntity. Source: API reference, ListInstanceProfilesForRole.
enum ListInstanceProfilesForRole: Operation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let instanceProfiles: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let all = try context.read { db in
            let role = try Entity.existing(.role, input.roleName, context.account, db)
            return try Link.profile.holders(of: role.key, role.account, db).compactMap { key in
                try Entity.find(.profile, key, role.account, db).map {
                    try InstanceProfiles.shown($0, db, isListed: true)
                }
            }
        }
        let page = try Page(all, marker: input.marker, maxItems: input.maxItems)
        return Output(instanceProfiles: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }
}
