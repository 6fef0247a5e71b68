public import AWSWire

/// A service behind requests that are no calls of AWS's API but of an API that a user has made.
public protocol APIServing: Sendable {
    /// Whether the API is one of this service's.
    func has(_ api: String) -> Bool
    /// - Parameter address: of one of this service's APIs.
    func answer(_ request: HTTPRequest, at address: APIAddress, _ host: Host) async -> HTTPResponse
}

/// Which API of a user a request is for: `http://{api}.execute-api.localhost:PORT/…`,
/// `http://localhost:PORT/_aws/execute-api/{api}/{stage}/…`, or, for existing tools,
/// `http://localhost:PORT/restapis/{api}/{stage}/_user_request_/…`.
public struct APIAddress: Sendable, Equatable {
    public var api: String
    /// nil where the host name says which API it is: then the path may begin with the stage.
    public var stage: String?
    /// As it came, behind the stage where that is known.
    public var path: String

    private static let prefix = "/_aws/execute-api/"
    private static let olderPrefix = "/restapis/"
    private static let olderMark = "/_user_request_"

    /// Whether a request is for an API of a user. Asked for every request: bytes, since searching in a text costs more
    /// than the rest of the way to a service.
    public static func isNamed(by request: HTTPRequest) -> Bool {
        let path = request.path.utf8
        if path.starts(with: prefix.utf8) { return true }
        if path.starts(with: olderPrefix.utf8), request.path.firstRange(of: olderMark) != nil { return true }
        guard let host = request.headers["host"]?.utf8, let dot = host.firstIndex(of: UInt8(ascii: ".")) else {
            return false
        }
        return host[host.index(after: dot)...].starts(with: "execute-api.".utf8)
    }

    public init?(_ request: HTTPRequest) {
        let path = request.path
        if path.utf8.starts(with: Self.prefix.utf8) {
            let parts = path.dropFirst(Self.prefix.count).split(
                separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            let stage = parts.count > 1 ? PercentEncoding.decode(parts[1]) ?? "" : ""
            api = String(parts.first ?? "")
            self.stage = stage.isEmpty ? "$default" : stage
            self.path = "/" + (parts.count > 2 ? parts[2] : "")
            return
        }
        if path.utf8.starts(with: Self.olderPrefix.utf8), let mark = path.firstRange(of: Self.olderMark) {
            let parts = path[..<mark.lowerBound].split(separator: "/")
            guard parts.count == 3 else { return nil }
            api = String(parts[1])
            stage = PercentEncoding.decode(parts[2])
            self.path = mark.upperBound == path.endIndex ? "/" : String(path[mark.upperBound...])
            return
        }
        guard let labels = request.headers["host"]?.split(separator: ".", maxSplits: 2), labels.count == 3,
            labels[1] == "execute-api"
        else { return nil }
        (api, self.path) = (labels[0].lowercased(), path)
    }
}
