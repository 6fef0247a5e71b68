import AWSWire
import BatonCore
import BatonStore
import JSON

/// The API destinations, 100 at a time. Source: API reference, ListApiDestinations.
enum ListApiDestinations: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let namePrefix: String?
        let connectionArn: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        let apiDestinations: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (page, token) = try APIDestination.page(
            prefix: input.namePrefix, token: input.nextToken, limit: input.limit, context
        ) { input.connectionArn == nil || $0.connectionArn == input.connectionArn }
        let listed = try context.read { db in try page.map { $0.listed(try $0.state(db)) } }
        return Output(apiDestinations: listed, nextToken: token)
    }
}
