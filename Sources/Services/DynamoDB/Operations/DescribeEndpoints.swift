import AWSWire
import BatonCore

/// Where clients that discover endpoints are to go: here.
/// Source: API reference, DescribeEndpoints.
enum DescribeEndpoints: Operation {
    struct Endpoint: Encodable {
        let address: String
        let cachePeriodInMinutes: Int
    }
    struct Output: Encodable { let endpoints: [Endpoint] }

    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Output {
        let address = context.endpoint.split(separator: "/").last.map(String.init) ?? context.endpoint
        return Output(endpoints: [Endpoint(address: address, cachePeriodInMinutes: 1440)])
    }
}
