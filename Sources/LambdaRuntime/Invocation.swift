import AWSClient
import JSON

/// One call of a function: its event and what is known about it.
public struct Invocation: Sendable, Equatable {
    public var event: [UInt8]
    public var requestId: String
    /// When the platform ends the process, in milliseconds since 1970.
    public var deadlineMs: Int64
    public var functionArn: String
    public var traceId: String?

    public init(
        event: [UInt8], requestId: String, deadlineMs: Int64 = 0, functionArn: String = "", traceId: String? = nil
    ) {
        self.event = event
        self.requestId = requestId
        self.deadlineMs = deadlineMs
        self.functionArn = functionArn
        self.traceId = traceId
    }
}

/// What a handler learns besides its event.
public struct LambdaContext: Sendable {
    public let requestId: String
    public let deadlineMs: Int64
    public let functionArn: String
    public let traceId: String?
    public let functionName: String
    public let functionVersion: String
    public let logGroup: String
    public let logStream: String
    public let memoryLimitMB: Int

    public init(_ invocation: Invocation, environment: [String: String] = [:]) {
        requestId = invocation.requestId
        deadlineMs = invocation.deadlineMs
        functionArn = invocation.functionArn
        traceId = invocation.traceId
        functionName = environment["AWS_LAMBDA_FUNCTION_NAME"] ?? ""
        functionVersion = environment["AWS_LAMBDA_FUNCTION_VERSION"] ?? "$LATEST"
        logGroup = environment["AWS_LAMBDA_LOG_GROUP_NAME"] ?? ""
        logStream = environment["AWS_LAMBDA_LOG_STREAM_NAME"] ?? ""
        memoryLimitMB = environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"].flatMap { Int($0) } ?? 128
    }

    public func remainingMs(nowMs: Int64) -> Int64 { max(0, deadlineMs - nowMs) }
}

/// How a failed call is reported: `{"errorMessage", "errorType", "stackTrace"}`. A handler may throw it as it is.
public struct InvocationError: Error, Sendable, Equatable, CustomStringConvertible {
    public var errorType: String
    public var errorMessage: String
    public var stackTrace: [String]

    public init(_ errorType: String, _ errorMessage: String, stackTrace: [String] = []) {
        self.errorType = errorType
        self.errorMessage = errorMessage
        self.stackTrace = stackTrace
    }

    /// An AWS error keeps its code, any other the name of its Swift type.
    public init(_ error: any Error) {
        switch error {
        case let error as InvocationError: self = error
        case let error as AWSError: self.init(error.code, error.message)
        default: self.init("\(type(of: error))", "\(error)")
        }
    }

    public var description: String { "\(errorType): \(errorMessage)" }

    var json: JSON {
        [
            "errorMessage": .string(errorMessage), "errorType": .string(errorType),
            "stackTrace": .array(stackTrace.map(JSON.string)),
        ]
    }
}
