/// Lambda's quotas (Developer Guide, "Lambda quotas"), and what one machine can bear.
enum Limits {
    /// Payload of a synchronous call, in and out, bytes.
    static let payload = 6 * 1024 * 1024
    /// Payload of an asynchronous call, bytes.
    static let eventPayload = 1024 * 1024
    /// A code package in the request itself, bytes.
    static let uploadedCode = 50 * 1024 * 1024
    /// A code package unpacked, bytes.
    static let unpackedCode = 250 * 1024 * 1024
    static let codeEntries = 100_000
    /// All environment variables together, bytes of their JSON.
    static let environment = 4096
    static let memoryMB = 128...10_240
    static let timeoutSeconds = 1...900
    /// Concurrent executions of an account; what is not reserved must stay at least at `unreserved`.
    static let accountConcurrency = 1000
    static let unreserved = 100
    /// Processes and threads of one execution environment.
    static let threads = 1024
    static let openFiles = 1024
    /// What `LogType=Tail` returns, bytes.
    static let logTail = 4096
    static let aliasWeights = 0.0...1.0

    // MARK: This machine

    /// Execution environments of all functions that live at once; more invocations wait for their turn.
    static let environments = 128
    /// Asynchronous events at work at once; the other environments stay for callers that wait, such as these events.
    static let events = 64
    /// An environment without work is kept this long, ms.
    static let idleMs: Int64 = 10 * 60_000
    /// What works when Baton stops may take this long to answer, ms.
    static let stopMs: Int64 = 5_000
    /// Loading the code before the first event, ms; a function's own time-out extends it.
    static let initMs: Int64 = 10_000
}
