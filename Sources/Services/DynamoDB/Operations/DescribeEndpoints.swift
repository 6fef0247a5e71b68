import AWSWire
import BatonCore

/// Where clients that discover endpoints are to go: here.
/// Source: API reference, DescribeEndpoints.
enum DescribeEndpoints: ReadOperation {
    typealias Input = Nothing

    struct Endpoint: Encodable {
        let address: String
        let cachePeriodInMinutes: Int
    }
    struct Output: Encodable { let endpoints: [Endpoint] }

    static func read(_ input: Nothing, _ context: Context) throws(AWSError) -> Output {
        let address = context.endpoint.split(separator: "/").last.map(String.init) ?? context.endpoint
        return Output(endpoints: [Endpoint(address: address, cachePeriodInMinutes: 1440)])
    }
}
