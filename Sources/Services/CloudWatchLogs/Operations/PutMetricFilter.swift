import AWSWire
import BatonCore
import BatonStore
import JSON

/// Keeps a metric filter. Baton has no metrics: the filter is checked, kept and shown, and can be tested.
/// Errors: ResourceNotFoundException, InvalidParameterException, LimitExceededException (100 a group).
/// Source: CloudWatch Logs API reference, PutMetricFilter.
enum PutMetricFilter: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try LogFilter.put(.metric, input, context)
    }
}
