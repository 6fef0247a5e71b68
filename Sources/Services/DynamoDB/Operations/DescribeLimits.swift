import AWSWire
import BatonCore

/// Assumed: AWS's initial quotas. Nothing is throttled here.
/// Source: API reference, DescribeLimits.
enum DescribeLimits: ReadOperation {
    typealias Input = Nothing

    struct Output: Encodable {
        let accountMaxReadCapacityUnits = 80_000
        let accountMaxWriteCapacityUnits = 80_000
        let tableMaxReadCapacityUnits = 40_000
        let tableMaxWriteCapacityUnits = 40_000
    }

    static func read(_ input: Nothing, _ context: Context) throws(AWSError) -> Output { Output() }
}
