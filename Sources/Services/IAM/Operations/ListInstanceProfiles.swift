import AWSWire
import BatonCore
import JSON

/// The instance profiles of the account whose path begins with `PathPrefix`. Source: API reference, ListInstanceProfiles.
enum ListInstanceProfiles: Operation {
    struct Input: Decodable, Sendable {
        let pathPrefix: String?
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
            try Entity.all(.profile, context.account, pathPrefix: input.pathPrefix, db).map {
                try InstanceProfiles.shown($0, db, isListed: true)
            }
        }
        let page = try Page(all, marker: input.marker, maxItems: input.maxItems)
        return Output(instanceProfiles: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }
}
