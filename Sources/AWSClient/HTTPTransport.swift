public import AWSWire

/// Carries one request to a server and its answer back.
public protocol HTTPTransport: Sendable {
    /// - Parameters:
    ///   - origin: scheme, host and port, for example `http://127.0.0.1:4566`.
    ///   - timeoutMs: for the whole exchange; nil waits for ever.
    ///   - path: a file that takes the body of a successful answer; nil keeps it in memory.
    func send(
        _ request: HTTPRequest, to origin: String, timeoutMs: Int?, savingTo path: String?
    ) async throws(TransportFailure) -> HTTPResponse
}

extension HTTPTransport {
    public func send(
        _ request: HTTPRequest, to origin: String, timeoutMs: Int?
    ) async throws(TransportFailure) -> HTTPResponse {
        try await send(request, to: origin, timeoutMs: timeoutMs, savingTo: nil)
    }
}

/// No answer came: nothing is known about what the server did.
public struct TransportFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    public let isTimeout: Bool

    public init(_ description: String, isTimeout: Bool = false) {
        self.description = description
        self.isTimeout = isTimeout
    }
}
