import AWSWire
import BatonCore
import JSON

/// The connections, 100 at a time. Source: API reference, ListConnections.
enum ListConnections: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let namePrefix: String?
        let connectionState: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        let connections: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (page, token) = try Connection.page(
            prefix: input.namePrefix, token: input.nextToken, limit: input.limit, context
        ) { input.connectionState == nil || $0.state == input.connectionState }
        return Output(connections: page.map(\.listed), nextToken: token)
    }
}
