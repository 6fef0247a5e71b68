import AWSWire

/// Where the requests to one service go, and for what region they are signed.
struct Endpoint: Equatable {
    /// Scheme, host and port, without a path.
    var origin: String
    /// What stands before every path; mostly empty.
    var prefix: String
    var signingRegion: String

    /// As the `Host` field has it: without the scheme's own port.
    var host: String {
        let authority = origin.split(separator: "/").last.map(String.init) ?? ""
        for (scheme, port) in [("http:", ":80"), ("https:", ":443")]
        where origin.hasPrefix(scheme) && authority.hasSuffix(port) { return String(authority.dropLast(port.count)) }
        return authority
    }

    /// Requests that stay on this machine need no real credentials.
    var isLoopback: Bool {
        ["127.", "localhost", "[::1]"].contains { host.hasPrefix($0) }
    }

    /// - Parameters:
    ///   - service: id of the service's model, `sqs`.
    ///   - name: its name in environment variables, `CLOUDWATCH_LOGS`.
    ///   - prefix: of its host at AWS.
    static func of(service: String, name: String, prefix: String, _ configuration: Configuration) -> Endpoint {
        let configured = configuration.endpoints[service] ?? configuration.endpoints[name] ?? configuration.endpoint
        if let configured { return Endpoint(url: configured, region: configuration.region) }
        let region = configuration.region
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        if service == "iam", domain == "amazonaws.com" {
            return Endpoint(url: "https://iam.amazonaws.com", region: "us-east-1")
        }
        return Endpoint(url: "https://\(prefix).\(region).\(domain)", region: region)
    }

    private init(url: String, region: String) {
        let parts = url.split(separator: "/", omittingEmptySubsequences: true)
        if parts.count >= 2, parts[0].hasSuffix(":") {
            origin = "\(parts[0])//\(parts[1])"
            prefix = parts.dropFirst(2).map { "/\($0)" }.joined()
        } else {
            origin = "http://\(parts.first ?? "")"
            prefix = parts.dropFirst().map { "/\($0)" }.joined()
        }
        signingRegion = region
    }
}
