import JSON

/// A request to another system, as a value: deciding what to call needs no network.
enum Call: Equatable, Sendable {
    /// - Parameters:
    ///   - service: id of the service's model, for example `sqs`.
    ///   - input: members under their wire names.
    case aws(_ service: String, _ operation: String, _ input: JSON)
    case http(HTTPCall)
}

struct HTTPCall: Equatable, Sendable {
    var url: String
    var method = "POST"
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    var timeoutSeconds = 10
}

/// What came back. An AWS call that failed never becomes an answer.
struct Answer: Equatable, Sendable {
    var output: JSON = [:]
    /// The service's id of the request.
    var requestId: String?
    var status = 200
}

/// Why an event can never be dispatched, whoever tries it again.
struct Rejection: Error, Equatable {
    let message: String
    init(_ message: String) { self.message = message }
}
