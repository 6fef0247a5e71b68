public import AWSWire

/// The service behind requests that are no calls of AWS's API but of an API that a user has made.
public protocol APIServing: Sendable {
    /// Whether the request is for such an API. Asked for every request.
    func isMeant(by request: HTTPRequest) -> Bool
    func answer(_ request: HTTPRequest, _ host: Host) async -> HTTPResponse
}
