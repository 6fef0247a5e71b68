import AWSWire
import BatonCore
import JSON

/// The global endpoints by name. Source: API reference, ListEndpoints.
enum ListEndpoints: Operation {
    struct Input: Decodable, Sendable {
        let namePrefix: String?
        let homeRegion: String?
        let nextToken: String?
        let maxResults: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let home = context.host.context(account: context.account, region: input.homeRegion ?? context.region)
        let page = try Endpoint.page(
            prefix: input.namePrefix, token: input.nextToken, limit: input.maxResults, home)
        var output: JSON = ["Endpoints": .array(page.items.map(\.described))]
        output["NextToken"] = page.token.map(JSON.string)
        return output
    }
}
