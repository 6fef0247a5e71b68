import AWSWire
import BatonCore
import BatonStore
import JSON

/// The archives, 100 at a time. Source: API reference, ListArchives.
enum ListArchives: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let namePrefix: String?
        let eventSourceArn: String?
        let state: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        let archives: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (page, token) = try Archive.page(
            prefix: input.namePrefix, token: input.nextToken, limit: input.limit, context
        ) {
            (input.eventSourceArn == nil || $0.eventSourceArn == input.eventSourceArn)
                && (input.state == nil || input.state == "ENABLED")
        }
        return Output(archives: try context.read { db in try page.map { try $0.listed(db) } }, nextToken: token)
    }
}
