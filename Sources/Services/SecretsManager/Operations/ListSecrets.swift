import AWSWire
import BatonCore
import GRDB
import JSON

/// The secrets of the region, 100 at a time. Assumed: without an order the oldest come first.
///
/// Errors: InvalidNextTokenException, InvalidRequestException. Source: API reference, ListSecrets.
enum ListSecrets: ReadOperation {
    struct Input: Decodable, Sendable {
        let includePlannedDeletion: Bool?
        let maxResults: Int?
        let nextToken: String?
        let filters: [SecretFilter]?
        let sortOrder: String?
        let sortBy: String?
    }

    struct Output: Encodable, Sendable {
        let secretList: [JSON]
        let nextToken: String?
    }

    static let pageSize = 100

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let views = try context.read { db in
            try Secret.all(context, db).filter { secret in
                (secret.deletionMs == nil || input.includePlannedDeletion == true)
                    && (input.filters ?? []).allSatisfy { $0.matches(secret) }
            }.map { try SecretView($0, db) }
        }
        let order = SecretOrder(by: input.sortBy ?? "created-date", isDescending: input.sortOrder == "desc")
        let (page, token) = try order.page(views, after: input.nextToken, limit: input.maxResults ?? pageSize)
        return Output(secretList: page.map(\.listed), nextToken: token)
    }
}
