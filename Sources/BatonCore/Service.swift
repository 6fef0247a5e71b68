public import AWSWire
public import BatonStore
public import JSON

/// One AWS service: its operations, its tables and what it keeps in memory.
///
/// Nothing in memory is the only copy of anything: what is lost with the process is rebuilt from rows in ``start(_:)``.
public protocol Service: AnyObject, Sendable {
    /// The name under which the service's model is known, for example `sqs` or `logs`.
    static var id: String { get }
    static var operations: [any Operation.Type] { get }
    static var migrations: [Migration] { get }

    /// What must hold for every call of the service, whatever its operation; nil when there is no such thing.
    static var admission: (@Sendable (_ input: JSON, _ context: Context) throws(AWSError) -> Void)? { get }

    /// After the migrations and before the first request: names the handlers of due rows, re-attaches what runs.
    func start(_ host: Host) async throws

    /// Answers a request under `/_baton/<id>/`: what goes beyond AWS. nil: there is nothing of that path.
    func answer(_ request: HTTPRequest, _ context: Context) async -> HTTPResponse?

    /// Before the store closes: releases waiting requests, ends what ends with Baton.
    func stop() async
}

extension Service {
    public static var admission: (@Sendable (JSON, Context) throws(AWSError) -> Void)? { nil }
    public func start(_ host: Host) async throws {}
    public func stop() async {}
    public func answer(_ request: HTTPRequest, _ context: Context) async -> HTTPResponse? { nil }
}
