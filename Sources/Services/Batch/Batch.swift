public import BatonCore
public import BatonStore

/// AWS Batch: jobs as real processes that outlive Baton.
public final class Batch: Service {
    public static let id = "batch"
    public static let operations: [any BatonCore.Operation.Type] = []
    public static let migrations: [Migration] = []

    public init() {}
}
