import AWSWire
import BatonCore
import BatonStore
import JSON

/// The metric filters of one group or of all, at most 50 at a time; also those that feed one metric.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DescribeMetricFilters.
enum DescribeMetricFilters: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        guard (input["metricName"] == nil) == (input["metricNamespace"] == nil) else {
            throw LogsError.invalid("metricName and metricNamespace must be specified together.")
        }
        let (filters, token) = try LogFilter.list(.metric, input, context) { filter in
            guard let name = input["metricName"] else { return true }
            return (filter.members["metricTransformations"]?.array ?? []).contains {
                $0["metricName"] == name && $0["metricNamespace"] == input["metricNamespace"]
            }
        }
        var output: JSON = ["metricFilters": .array(filters)]
        output["nextToken"] = token
        return output
    }
}
