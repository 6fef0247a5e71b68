public import JSON

/// An error as AWS answers it. Every protocol renders the same value in its own form.
///
/// Services keep their factories in one file (`SQSError.swift`), so that a code and its message exist once.
public struct AWSError: Error, Sendable, Equatable {
    /// Whose fault it is: the caller's (4xx) or the service's (5xx).
    public enum Fault: String, Sendable { case sender = "Sender", receiver = "Receiver" }

    /// The code as in `x-amzn-errortype`, for example `ResourceNotFoundException`.
    public var code: String
    /// The code of the query protocol where it differs, for example `AWS.SimpleQueueService.NonExistentQueue`.
    public var queryCode: String?
    public var message: String
    public var status: Int
    public var fault: Fault
    /// Members that the error's shape has besides its message, under their wire names.
    public var fields: JSON.Object
    /// Header fields of the answer besides those that every error has.
    public var headers: [String: String] = [:]

    public init(
        _ code: String, _ message: String, status: Int = 400, queryCode: String? = nil, fields: JSON.Object = [:]
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.queryCode = queryCode
        self.fields = fields
        fault = status >= 500 ? .receiver : .sender
    }
}

extension AWSError: CustomStringConvertible {
    public var description: String { "\(code): \(message)" }
}
