import AWSWire
import BatonCore
import JSON

/// There are no service environments here: they are left to AWS.
/// Source: Batch API reference, DescribeServiceEnvironments.
enum DescribeServiceEnvironments: Operation {
    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> JSON { ["serviceEnvironments": []] }
}
