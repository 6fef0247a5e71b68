import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a metric filter.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DeleteMetricFilter.
enum DeleteMetricFilter: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try LogFilter.delete(.metric, input, context)
    }
}
