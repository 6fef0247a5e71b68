public import AWSWire

/// The service behind requests that are no calls of AWS's API but of an API that a user has made.
public protocol APIServing: Sendable {
    /// nil when the request is not for such an API.
    func answer(_ request: HTTPRequest, _ host: Host) async -> HTTPResponse?
}
