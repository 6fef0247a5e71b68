import AWSWire
import BatonCore
import JSON

/// A group with its users. Errors: NoSuchEntity. Source: API reference, GetGroup.
enum GetGroup: Operation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let group: JSON
        let users: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (group, users) = try context.read { db in
            let group = try Entity.existing(.group, input.groupName, context.account, db)
            let users = try Link.membership.targets(of: group.key, group.account, db).compactMap {
                try Entity.find(.user, $0, group.account, db)?.listed
            }
            return (group, users)
        }
        let page = try Page(users, marker: input.marker, maxItems: input.maxItems)
        return Output(
            group: group.shown, users: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }
}
