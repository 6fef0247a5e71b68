import AWSWire
import BatonCore
import JSON

/// The replays, 100 at a time. Source: API reference, ListReplays.
enum ListReplays: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let namePrefix: String?
        let state: String?
        let eventSourceArn: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        let replays: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (page, token) = try Replay.page(
            prefix: input.namePrefix, token: input.nextToken, limit: input.limit, context
        ) {
            (input.state == nil || $0.state == input.state)
                && (input.eventSourceArn == nil || $0.eventSourceArn == input.eventSourceArn)
        }
        return Output(replays: page.map(\.listed), nextToken: token)
    }
}
