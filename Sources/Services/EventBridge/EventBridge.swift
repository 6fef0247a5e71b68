public import BatonCore
public import BatonStore

/// Amazon EventBridge: event buses, rules, schedules as rules, connections and API destinations.
public final class EventBridge: Service {
    public static let id = "events"
    public static let operations: [any BatonCore.Operation.Type] = []
    public static let migrations: [Migration] = []

    public init() {}
}
