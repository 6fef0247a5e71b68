import AWSWire
import BatonCore
import JSON

/// The keys of a user, by default of the one who asks. Errors: NoSuchEntity. Source: API reference, ListAccessKeys.
enum ListAccessKeys: Operation {
    struct Input: Decodable, Sendable {
        let userName: String?
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let accessKeyMetadata: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try Caller.userName(input.userName, context)
        let all = try context.read { db in
            let user = try Entity.existing(.user, name, context.account, db)
            return try AccessKey.all(of: user, db).map { $0.listed(user.name) }
        }
        let page = try Page(all, marker: input.marker, maxItems: input.maxItems)
        return Output(accessKeyMetadata: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }
}
