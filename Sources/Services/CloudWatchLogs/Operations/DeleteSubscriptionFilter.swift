import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a subscription filter.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DeleteSubscriptionFilter.
enum DeleteSubscriptionFilter: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try LogFilter.delete(.subscription, input, context)
    }
}
