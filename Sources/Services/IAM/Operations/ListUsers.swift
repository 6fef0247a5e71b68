import AWSWire
import BatonCore
import JSON

/// The users of the account whose path begins with `PathPrefix`, 100 at a time. Source: API reference, ListUsers.
enum ListUsers: Operation {
    struct Input: Decodable, Sendable {
        let pathPrefix: String?
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let users: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let all = try context.read { db in
            try Entity.all(.user, context.account, pathPrefix: input.pathPrefix, db)
        }
        let page = try Page(all, marker: input.marker, maxItems: input.maxItems)
        return Output(users: page.items.map(\.listed), isTruncated: page.isTruncated, marker: page.marker)
    }
}
