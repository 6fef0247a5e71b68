public import BatonCore
public import BatonStore

/// AWS Step Functions: state machines, durable executions, activities.
public final class StepFunctions: Service {
    public static let id = "stepfunctions"
    public static let operations: [any BatonCore.Operation.Type] = []
    public static let migrations: [Migration] = []

    public init() {}
}
