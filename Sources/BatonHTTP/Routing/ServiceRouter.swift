public import AWSWire

/// Finds out which service a request is for.
///
/// In this order: what `X-Amz-Target` names; what the signature is for; the host name; a path that only one service
/// has; the `Action` and `Version` of the query protocol; and S3, whose public objects anybody may read by path.
public struct ServiceRouter: Sendable {
    /// The address of one request.
    public struct Address: Sendable, Equatable {
        /// The service's id, or, when nobody knows it, what the request calls it.
        public var service: String
        /// As signed, else as in the host name.
        public var region: String?
        /// Of a host name in front of S3; then the path begins with the key.
        public var bucket: String?
    }

    private let domains: [String]

    /// - Parameter domains: names of this server under which buckets and services may appear as host names, besides
    ///   `localhost`.
    public init(domains: [String] = []) { self.domains = domains.map { $0.lowercased() } }

    /// - Parameter scope: of the signature, where there is one.
    public func address(_ request: HTTPRequest, scope: CredentialScope?) -> Address {
        let signed = scope.flatMap { $0.service.isEmpty ? nil : $0.service }
        let region = scope?.namedRegion
        if let target = request.headers["X-Amz-Target"] {
            let prefix = String(Substring(target.utf8.prefix { $0 != UInt8(ascii: ".") }))
            if let service = ServiceFacts.byTarget[prefix] { return Address(service: service, region: region) }
        }
        if let signed {
            let service = ServiceFacts.versioned(ServiceFacts.bySigningName[signed] ?? signed, path: request.path)
            guard service == "s3" else { return Address(service: service, region: region) }
            let host = hostName(request, isS3: true)
            return Address(service: service, region: region ?? host?.region, bucket: host?.bucket)
        }
        if let host = hostName(request, isS3: false), var service = host.service {
            service = ServiceFacts.versioned(service, path: request.path)
            return Address(service: service, region: host.region, bucket: host.bucket)
        }
        return Address(service: Self.unsignedService(request), region: region)
    }

    private func hostName(_ request: HTTPRequest, isS3: Bool) -> HostName? {
        request.headers["Host"].flatMap { HostName($0, isS3: isS3, domains: domains) }
    }

    private static func unsignedService(_ request: HTTPRequest) -> String {
        if startsWithDate(request.path) { return "lambda" }
        return queryService(request) ?? "s3"
    }

    /// Lambda's paths begin with the date of an API version: `/2015-03-31/functions`.
    private static func startsWithDate(_ path: String) -> Bool {
        let segment = Array(path.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") })
        return segment.count == 10
            && segment.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == UInt8(ascii: "-") : byte >= 0x30 && byte <= 0x39
            }
    }

    /// Reads only as much of a form as names the action.
    private static func queryService(_ request: HTTPRequest) -> String? {
        if let found = queryService(request.query.utf8) { return found }
        guard request.method == "POST", case .bytes(let bytes) = request.body,
            request.headers["Content-Type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true
        else { return nil }
        return queryService(bytes)
    }

    private static func queryService(_ form: some Collection<UInt8>) -> String? {
        var action: String?
        var version: String?
        for field in form.split(separator: UInt8(ascii: "&")) {
            if field.starts(with: "Action=".utf8) { action = String(decoding: field.dropFirst(7), as: UTF8.self) }
            if field.starts(with: "Version=".utf8) { version = String(decoding: field.dropFirst(8), as: UTF8.self) }
        }
        guard let action else { return nil }
        if let version { return ServiceFacts.byQueryVersion[version] ?? "s3" }
        // Subscribers call the bare URLs that SNS gave them; old SQS clients may leave the version out.
        return action == "Unsubscribe" || action == "ConfirmSubscription" ? "sns" : "sqs"
    }
}

extension CredentialScope {
    /// nil when the signature has no region.
    var namedRegion: String? { region.isEmpty ? nil : region }
}

extension ServiceRouter.Address {
    /// The request as the path-style form has it, in which the path begins with the bucket and the host name does not.
    func pathStyle(_ request: HTTPRequest) -> HTTPRequest {
        guard let bucket else { return request }
        var changed = request
        changed.path = "/\(bucket)\(request.path)"
        changed.headers["Host"] = request.headers["Host"].map { String($0.dropFirst(bucket.utf8.count + 1)) }
        return changed
    }
}
