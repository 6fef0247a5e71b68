import AWSWire
import BatonCore
import JSON

/// The roles of the account whose path begins with `PathPrefix`, 100 at a time. Source: API reference, ListRoles.
enum ListRoles: Operation {
    struct Input: Decodable, Sendable {
        let pathPrefix: String?
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let roles: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let all = try context.read { db in
            try Entity.all(.role, context.account, pathPrefix: input.pathPrefix, db)
        }
        let page = try Page(all, marker: input.marker, maxItems: input.maxItems)
        return Output(roles: page.items.map(\.listed), isTruncated: page.isTruncated, marker: page.marker)
    }
}
