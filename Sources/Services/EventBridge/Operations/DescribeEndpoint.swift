import AWSWire
import BatonCore
import BatonStore
import JSON

/// A global endpoint; `HomeRegion` is the region that it was made in. Errors: ResourceNotFoundException. Source: API
/// reference, DescribeEndpoint.
enum DescribeEndpoint: Operation {
    struct Input: Decodable, Sendable {
        let name: String
        let homeRegion: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let found = try context.read { db in
            try Endpoint.find(
                input.name, account: context.account, region: input.homeRegion ?? context.region, db)
        }
        guard let endpoint = found else { throw Endpoint.missing(input.name) }
        return endpoint.described
    }
}
