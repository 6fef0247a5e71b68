import AWSWire
import BatonCore
import JSON

/// The groups of the account whose path begins with `PathPrefix`, 100 at a time. Source: API reference, ListGroups.
enum ListGroups: Operation {
    struct Input: Decodable, Sendable {
        let pathPrefix: String?
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let groups: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let all = try context.read { db in
            try Entity.all(.group, context.account, pathPrefix: input.pathPrefix, db)
        }
        let page = try Page(all, marker: input.marker, maxItems: input.maxItems)
        return Output(groups: page.items.map(\.listed), isTruncated: page.isTruncated, marker: page.marker)
    }
}
