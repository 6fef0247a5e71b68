import AWSWire

/// Requests from web pages. A page of any site can make a browser send requests to this machine, so without
/// signatures only pages that come from this machine itself, and those that the configuration names, are served.
struct CrossOrigin: Sendable {
    /// Origins such as `https://app.example.com`; `*` allows every page.
    let allowed: [String]

    enum Decision: Equatable {
        /// Not from a page.
        case none
        case allow(origin: String)
        case refuse
    }

    func decide(_ request: HTTPRequest) -> Decision {
        guard let origin = request.headers["Origin"] else { return .none }
        return allowed.contains("*") || allowed.contains(origin) || Self.isLocal(origin)
            ? .allow(origin: origin) : .refuse
    }

    /// `http://localhost:3000`, `https://127.0.0.1`, `http://[::1]:8080`.
    private static func isLocal(_ origin: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { origin.hasPrefix($0) }) else { return false }
        let authority = origin.dropFirst(scheme.utf8.count)
        if authority.hasPrefix("[") { return authority.prefix { $0 != "]" } == "[::1" }
        let host = String(authority.prefix { $0 != ":" })
        return ListenAddress.isLoopback(host) || host.hasSuffix(".localhost")
    }

    /// The answer to the question that browsers ask before some requests.
    static func preflight(_ request: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse(
            status: 204,
            headers: [
                "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                "Access-Control-Max-Age": "3600",
            ])
        if let fields = request.headers["Access-Control-Request-Headers"] {
            response.headers.add("Access-Control-Allow-Headers", fields)
        }
        if request.headers["Access-Control-Request-Private-Network"] == "true" {
            response.headers.add("Access-Control-Allow-Private-Network", "true")
        }
        return response
    }

    static func allow(_ origin: String, _ response: inout HTTPResponse) {
        response.headers.add("Access-Control-Allow-Origin", origin)
        response.headers.add("Access-Control-Expose-Headers", "*")
        response.headers.add("Vary", "Origin")
    }
}
