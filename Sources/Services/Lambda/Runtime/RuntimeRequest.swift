import AWSWire
import JSON

/// What a runtime may ask of the Lambda Runtime API (version 2018-06-01).
enum RuntimeRequest: Sendable, Equatable {
    case next
    case response(requestId: String)
    case error(requestId: String)
    case initError
    case unknown

    private static let base = "/2018-06-01/runtime/"

    init(method: String, path: String) {
        guard path.hasPrefix(Self.base) else {
            self = .unknown
            return
        }
        let parts = path.dropFirst(Self.base.count).split(separator: "/").map(String.init)
        switch (method, parts.count) {
        case ("GET", 2) where parts == ["invocation", "next"]: self = .next
        case ("POST", 2) where parts == ["init", "error"]: self = .initError
        case ("POST", 3) where parts[0] == "invocation" && parts[2] == "response": self = .response(requestId: parts[1])
        case ("POST", 3) where parts[0] == "invocation" && parts[2] == "error": self = .error(requestId: parts[1])
        default: self = .unknown
        }
    }
}

/// The answers of the Runtime API.
enum RuntimeReply {
    static let accepted = json(202, ["status": "OK"])
    static let invalidId = failure(400, "InvalidRequestID", "Invalid request ID")
    static let invalidState = failure(403, "InvalidStateTransition", "Transition is not allowed in this state")
    static let unknown = failure(404, "NotFound", "No such path in the Runtime API")
    static let tooLarge = failure(
        413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes).")

    static func event(_ invocation: Invocation, deadlineMs: Int64) -> HTTPResponse {
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "Lambda-Runtime-Aws-Request-Id": invocation.requestId,
            "Lambda-Runtime-Deadline-Ms": String(deadlineMs), "Lambda-Runtime-Trace-Id": invocation.traceId,
            "Lambda-Runtime-Invoked-Function-Arn": invocation.invokedArn,
        ]
        if let client = invocation.clientContext { headers.add("Lambda-Runtime-Client-Context", client) }
        return HTTPResponse(status: 200, headers: headers, body: .bytes(invocation.payload))
    }

    private static func failure(_ status: Int, _ type: String, _ message: String) -> HTTPResponse {
        json(status, ["errorMessage": .string(message), "errorType": .string(type)])
    }

    private static func json(_ status: Int, _ body: JSON) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json"], body: .bytes(body.serialized()))
    }
}
