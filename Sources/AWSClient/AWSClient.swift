@_exported public import AWSWire
import JSON

/// Calls AWS services, wherever they are: signed, with time-outs, repeated when that is worth it.
///
/// ```swift
/// let aws = AWSClient(.of(environment: environment, file: file))
/// let answer = try await aws.call("sqs", "SendMessage", ["QueueUrl": .string(url), "MessageBody": "hello"])
/// ```
public struct AWSClient: Sendable {
    public var configuration: Configuration
    public let transport: any HTTPTransport
    public let surroundings: Surroundings

    public init(
        _ configuration: Configuration, transport: any HTTPTransport = HTTPClientTransport(),
        surroundings: Surroundings = .system
    ) {
        self.configuration = configuration
        self.transport = transport
        self.surroundings = surroundings
    }
}
