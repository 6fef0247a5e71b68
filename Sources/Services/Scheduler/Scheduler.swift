public import BatonCore
public import BatonStore

/// Amazon EventBridge Scheduler: one-time and recurring schedules with any operation as their target.
public final class Scheduler: Service {
    public static let id = "scheduler"
    public static let operations: [any BatonCore.Operation.Type] = []
    public static let migrations: [Migration] = []

    public init() {}
}
