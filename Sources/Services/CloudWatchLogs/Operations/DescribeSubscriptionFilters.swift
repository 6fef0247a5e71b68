import AWSWire
import BatonCore
import BatonStore
import JSON

/// The subscription filters of a group by name, at most 50 at a time.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DescribeSubscriptionFilters.
enum DescribeSubscriptionFilters: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let (filters, token) = try LogFilter.list(.subscription, input, context)
        var output: JSON = [
            "subscriptionFilters": .array(
                filters.map { filter in
                    var filter = filter
                    if filter["distribution"] == nil { filter["distribution"] = "ByLogStream" }
                    return filter
                })
        ]
        output["nextToken"] = token
        return output
    }
}
