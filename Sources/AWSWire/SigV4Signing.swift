extension SigV4 {
    /// How much of the body a signature covers.
    public enum Payload: Sendable {
        case signed
        /// The body may be anything: for large bodies over TLS, S3 only.
        case unsigned
    }

    /// Signs requests to one service in one region.
    public struct Signer: Sendable {
        public var credentials: Credentials
        public var region: String
        public var service: String

        public init(credentials: Credentials, region: String, service: String) {
            self.credentials = credentials
            self.region = region
            self.service = service
        }
    }

    /// Fields that intermediaries change, or that the transport adds by itself.
    static let unsignedHeaders: Set<String> = [
        "authorization", "connection", "content-length", "expect", "transfer-encoding", "user-agent",
        "x-amzn-trace-id",
    ]
}

extension SigV4.Signer {
    private func scope(_ date: String) -> CredentialScope {
        CredentialScope(
            accessKeyId: credentials.accessKeyId, date: String(date.prefix(8)), region: region, service: service)
    }

    private func signature(of canonicalRequest: String, date: String) -> String {
        let scope = scope(date)
        let key = SigV4.SigningKey(secret: credentials.secretAccessKey, scope: scope)
        return SigV4.calculate(canonicalRequest: canonicalRequest, date: date, scope: scope, key: key).signature
    }

    /// The request with `X-Amz-Date`, `Authorization` and what else belongs to them. It must have its `Host` field.
    /// An `X-Amz-Content-SHA256` field that is there already is taken as the payload's hash.
    public func sign(
        _ request: HTTPRequest, nowMs: Int64, payload: SigV4.Payload = .signed
    ) throws(SigV4.Failure) -> HTTPRequest {
        var request = request
        let date = SigV4.dateText(ms: nowMs)
        request.headers["X-Amz-Date"] = date
        request.headers["X-Amz-Security-Token"] = credentials.sessionToken
        request.headers["Authorization"] = nil
        let hash: String
        if let claimed = request.headers["X-Amz-Content-SHA256"] {
            hash = claimed
        } else {
            hash = try payload == .unsigned ? SigV4.unsignedPayload : SigV4.hash(of: request.body)
            if service == "s3" { request.headers["X-Amz-Content-SHA256"] = hash }
        }
        let names = signedHeaders(of: request)
        let canonical = SigV4.canonicalRequest(
            request, query: SigV4.canonicalQuery(request.query), signedHeaders: names, payloadHash: hash,
            service: service)
        request.headers["Authorization"] =
            "\(SigV4.algorithm) Credential=\(scope(date).credential), SignedHeaders=\(names.joined(separator: ";")), "
            + "Signature=\(signature(of: canonical, date: date))"
        return request
    }

    /// The request with its signature in the query, valid for `expiresSeconds` (1–604,800).
    /// S3 leaves the body out of the signature; other services sign the body that the request has.
    public func presign(
        _ request: HTTPRequest, nowMs: Int64, expiresSeconds: Int
    ) throws(SigV4.Failure) -> HTTPRequest {
        var request = request
        let date = SigV4.dateText(ms: nowMs)
        let names = signedHeaders(of: request)
        var parameters = [
            ("X-Amz-Algorithm", SigV4.algorithm), ("X-Amz-Credential", scope(date).credential), ("X-Amz-Date", date),
            ("X-Amz-Expires", String(expiresSeconds)), ("X-Amz-SignedHeaders", names.joined(separator: ";")),
        ]
        if let token = credentials.sessionToken { parameters.append(("X-Amz-Security-Token", token)) }
        let query = SigV4.canonicalQuery(request.query, adding: parameters)
        let hash = try service == "s3" ? SigV4.unsignedPayload : SigV4.hash(of: request.body)
        let canonical = SigV4.canonicalRequest(
            request, query: query, signedHeaders: names, payloadHash: hash, service: service)
        request.query = "\(query)&X-Amz-Signature=\(signature(of: canonical, date: date))"
        return request
    }

    private func signedHeaders(of request: HTTPRequest) -> [String] {
        Set(request.headers.fields.map { $0.name.lowercased() }).subtracting(SigV4.unsignedHeaders)
            .sorted(by: SigV4.precedes)
    }
}
