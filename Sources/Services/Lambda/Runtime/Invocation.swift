import JSON

/// One event on its way to a function.
struct Invocation: Sendable {
    let requestId: String
    let payload: [UInt8]
    /// As the caller named the function, with its qualifier.
    let invokedArn: String
    /// JSON text, already decoded from base64.
    let clientContext: String?
    let traceId: String
    let wantsLogTail: Bool
}

/// What came of it.
struct InvocationResult: Sendable {
    var payload: [UInt8]
    /// `Unhandled` when the function or its process failed.
    var functionError: String?
    /// The last 4 KB of the log.
    var logTail: [UInt8]?

    static func failure(_ type: String, _ requestId: String, _ message: String) -> InvocationResult {
        failure(type, "RequestId: \(requestId) Error: \(message)")
    }

    static func failure(_ type: String, _ message: String) -> InvocationResult {
        let body: JSON = ["errorType": .string(type), "errorMessage": .string(message)]
        return InvocationResult(payload: body.serialized(), functionError: "Unhandled", logTail: nil)
    }
}
