/// The platform's side of the Lambda Runtime API.
/// Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
public protocol RuntimeInterface: Sendable {
    /// Waits for the next call; throws when the platform has gone.
    func next() async throws -> Invocation
    func respond(_ body: [UInt8], to requestId: String) async throws
    func fail(_ error: InvocationError, of requestId: String) async throws
    /// The function cannot start at all.
    func failToStart(_ error: InvocationError) async throws
}
