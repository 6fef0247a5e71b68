import AWSWire
import BatonCore

/// Assumed: AWS's initial quotas. Nothing is throttled here.
/// Source: API reference, DescribeLimits.
enum DescribeLimits: Operation {
    struct Output: Encodable {
        let accountMaxReadCapacityUnits = 80_000
        let accountMaxWriteCapacityUnits = 80_000
        let tableMaxReadCapacityUnits = 40_000
        let tableMaxWriteCapacityUnits = 40_000
    }

    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Output { Output() }
}
