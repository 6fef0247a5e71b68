import AWSWire
import BatonCore

/// The groups of a user. Errors: NoSuchEntity. Source: API reference, ListGroupsForUser.
enum ListGroupsForUser: Operation {
    struct Input: Decodable, Sendable {
        let userName: String
        let marker: String?
        let maxItems: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> ListGroups.Output {
        let all = try context.read { db in
            let user = try Entity.existing(.user, input.userName, context.account, db)
            return try Link.membership.holders(of: user.key, user.account, db).compactMap {
                try Entity.find(.group, $0, user.account, db)?.listed
            }
        }
        let page = try Page(all, marker: input.marker, maxItems: input.maxItems)
        return ListGroups.Output(groups: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }
}
