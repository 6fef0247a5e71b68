public import AWSClient
import JSON

/// The Runtime API over HTTP, at the address that `AWS_LAMBDA_RUNTIME_API` names.
public struct HTTPRuntimeInterface: RuntimeInterface {
    private let origin: String
    private let transport: any HTTPTransport
    private static let root = "/2018-06-01/runtime"
    private static let errorType = "Lambda-Runtime-Function-Error-Type"

    /// - Parameter address: host and port.
    public init(address: String, transport: any HTTPTransport = HTTPClientTransport()) {
        origin = "http://\(address)"
        self.transport = transport
    }

    public func next() async throws -> Invocation {
        let request = HTTPRequest(method: "GET", path: "\(Self.root)/invocation/next")
        let response = try await transport.send(request, to: origin, timeoutMs: nil)
        func field(_ name: String) -> String? { response.headers["Lambda-Runtime-\(name)"] }
        guard response.status == 200, case .bytes(let event) = response.body, let requestId = field("Aws-Request-Id")
        else { throw TransportFailure("The runtime interface answered \(response.status)") }
        return Invocation(
            event: event, requestId: requestId, deadlineMs: field("Deadline-Ms").flatMap { Int64($0) } ?? 0,
            functionArn: field("Invoked-Function-Arn") ?? "", traceId: field("Trace-Id"))
    }

    public func respond(_ body: [UInt8], to requestId: String) async throws {
        try await post("invocation/\(requestId)/response", body)
    }

    public func fail(_ error: InvocationError, of requestId: String) async throws {
        try await post("invocation/\(requestId)/error", error.json.serialized(), errorType: error.errorType)
    }

    public func failToStart(_ error: InvocationError) async throws {
        try await post("init/error", error.json.serialized(), errorType: error.errorType)
    }

    /// A refused answer (too large, too late) has already failed the call on the other side: nothing is left to do.
    private func post(_ path: String, _ body: [UInt8], errorType: String? = nil) async throws {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        headers[Self.errorType] = errorType
        let request = HTTPRequest(method: "POST", path: "\(Self.root)/\(path)", headers: headers, body: .bytes(body))
        _ = try await transport.send(request, to: origin, timeoutMs: nil)
    }
}
