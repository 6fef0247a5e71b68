import AWSWire
import BatonCore
import JSON

/// The quotas of AWS, which are not enforced here. Source: CloudFormation API reference, DescribeAccountLimits.
enum DescribeAccountLimits: Operation {
    struct Limit: Encodable, Sendable {
        let name: String
        let value: Int
    }
    struct Output: Encodable, Sendable { let accountLimits: [Limit] }

    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Output {
        Output(accountLimits: [
            Limit(name: "StackLimit", value: 2000), Limit(name: "StackOutputsLimit", value: 200),
            Limit(name: "ConcurrentResourcesLimit", value: 2500),
        ])
    }
}
