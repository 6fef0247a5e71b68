import LambdaRuntime

/// What the template tells the functions by their environment. A function has what its work needs.
struct Settings: Equatable {
    private let values: [String: String]

    init(_ environment: [String: String]) { values = environment }

    /// Errors: `Runtime.MissingSetting` when the template does not give it.
    func value(_ name: Name) throws(InvocationError) -> String {
        guard let value = values[name.rawValue], !value.isEmpty else {
            throw InvocationError("Runtime.MissingSetting", "The environment variable \(name.rawValue) is not set")
        }
        return value
    }

    enum Name: String {
        case scheduleTable = "SCHEDULE_TABLE"
        case historyTable = "HISTORY_TABLE"
        case requestTable = "REQUEST_TABLE"
        case stateMachineArn = "STATE_MACHINE_ARN"
    }
}
