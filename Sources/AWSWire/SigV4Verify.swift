extension SigV4 {
    /// How far a request's time may be from the server's.
    public static let maxSkewMs: Int64 = 15 * 60 * 1000
    /// The longest life of a presigned URL: seven days.
    public static let maxExpiresSeconds = 604_800

    /// A request whose signature is right.
    public struct Verified: Sendable {
        public let scope: CredentialScope
        public let sessionToken: String?
        /// What the chunks of the body are verified with, when it is sent as signed chunks.
        public let chunks: ChunkVerifier?
    }

    /// Where the parts of a signature stand in a request, whichever form it has.
    private struct Presented {
        var scope: CredentialScope
        var date: String
        var signedHeaders: [String]
        var signature: String
        var sessionToken: String?
        /// Seconds that a presigned URL lives; nil for a signature in the header.
        var expiresSeconds: Int?
    }

    /// Checks the signature in the header or in the query, the request's age and the hash of the payload.
    ///
    /// - Parameter secret: the secret access key of an access key id, nil when it does not exist.
    public static func verify(
        _ request: HTTPRequest, nowMs: Int64, secret: (String) -> String?
    ) throws(Failure) -> Verified {
        let presented = try presented(in: request)
        guard let secret = secret(presented.scope.accessKeyId) else {
            throw .unknownAccessKey(presented.scope.accessKeyId)
        }
        try checkTime(presented, nowMs: nowMs)

        let key = SigningKey(secret: secret, scope: presented.scope)
        let payload = try payloadHash(of: request, presented)
        let calculation = calculate(
            canonicalRequest: canonicalRequest(
                request, query: canonicalQuery(request.query), signedHeaders: presented.signedHeaders,
                payloadHash: payload, service: presented.scope.service),
            date: presented.date, scope: presented.scope, key: key)
        guard isEqual(calculation.signature, presented.signature) else {
            throw .mismatch(
                accessKeyId: presented.scope.accessKeyId, signature: presented.signature,
                stringToSign: calculation.stringToSign, canonicalRequest: calculation.canonicalRequest)
        }
        try checkPayload(payload, of: request)
        let isSignedInChunks = payload.hasPrefix("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
        return Verified(
            scope: presented.scope, sessionToken: presented.sessionToken,
            chunks: isSignedInChunks
                ? ChunkVerifier(
                    key: key, date: presented.date, scope: presented.scope, seedSignature: presented.signature) : nil)
    }

    // MARK: - Reading

    private static func presented(in request: HTTPRequest) throws(Failure) -> Presented {
        if let header = request.headers["Authorization"] { return try presented(inHeader: header, of: request) }
        let parameters = parameters(of: request.query)
        guard parameters["X-Amz-Algorithm"] != nil || parameters["X-Amz-Signature"] != nil else { throw .missingToken }
        return try presented(inQuery: parameters)
    }

    private static func presented(inHeader header: String, of request: HTTPRequest) throws(Failure) -> Presented {
        guard header.hasPrefix(algorithm) else {
            throw .incomplete("Unsupported authorization type. Authorization=\(header.prefix { $0 != " " })")
        }
        var parts: [String: String] = [:]
        for part in header.dropFirst(algorithm.count).split(whereSeparator: { $0 == "," || $0 == " " }) {
            let halves = part.split(separator: "=", maxSplits: 1)
            if halves.count == 2 { parts[String(halves[0])] = String(halves[1]) }
        }
        let date = request.headers["X-Amz-Date"] ?? request.headers["Date"]
        guard let credential = parts["Credential"], let signature = parts["Signature"],
            let signed = parts["SignedHeaders"], let date, let ms = parseDate(date)
        else {
            var lacks = ["Credential", "Signature", "SignedHeaders"].filter { parts[$0] == nil }
                .map { "Authorization header requires '\($0)' parameter." }
            if date.flatMap(parseDate) == nil {
                lacks.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
            }
            throw .incomplete("\(lacks.joined(separator: " ")) Authorization=\(algorithm)")
        }
        return Presented(
            scope: try scope(of: credential), date: dateText(ms: ms),
            signedHeaders: signed.split(separator: ";").map { $0.lowercased() }, signature: signature,
            sessionToken: request.headers["X-Amz-Security-Token"])
    }

    private static func presented(inQuery parameters: [String: String]) throws(Failure) -> Presented {
        guard let credential = parameters["X-Amz-Credential"], let signature = parameters["X-Amz-Signature"],
            let signed = parameters["X-Amz-SignedHeaders"], let date = parameters["X-Amz-Date"],
            let ms = parseDate(date), parameters["X-Amz-Algorithm"] == algorithm
        else {
            let lacks = ["Algorithm", "Credential", "Signature", "SignedHeaders", "Date"]
                .filter { parameters["X-Amz-\($0)"] == nil }
            throw .incomplete(
                lacks.map { "AWS query-string parameters must include 'X-Amz-\($0)'." }.joined(separator: " ")
                    + " Re-examine the query-string parameters.")
        }
        // Only S3 requires the life time; elsewhere it may be absent and means the usual fifteen minutes.
        let expires = parameters["X-Amz-Expires"].map { Int($0) ?? 0 } ?? Int(maxSkewMs / 1000)
        guard expires > 0, expires <= maxExpiresSeconds else {
            throw .incomplete("X-Amz-Expires must be between 1 and \(maxExpiresSeconds) seconds")
        }
        return Presented(
            scope: try scope(of: credential), date: dateText(ms: ms),
            signedHeaders: signed.split(separator: ";").map { $0.lowercased() }, signature: signature,
            sessionToken: parameters["X-Amz-Security-Token"], expiresSeconds: expires)
    }

    private static func scope(of credential: String) throws(Failure) -> CredentialScope {
        let scope = CredentialScope.parse(credential: String(credential))
        guard scope.credential == credential, !scope.accessKeyId.isEmpty else {
            throw .incomplete(
                "Credential must have at least 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
                    + "'\(credential)'")
        }
        return scope
    }

    private static func parameters(of query: String) -> [String: String] {
        var result: [String: String] = [:]
        for (name, value) in PercentEncoding.fields(Array(query.utf8)) ?? [] { result[name] = value }
        return result
    }

    // MARK: - Checking

    private static func checkTime(_ presented: Presented, nowMs: Int64) throws(Failure) {
        let signedMs = parseDate(presented.date) ?? 0
        guard presented.date.hasPrefix(presented.scope.date) else {
            throw .scopeDate(credential: presented.scope.date, request: presented.date)
        }
        let server = dateText(ms: nowMs)
        if signedMs > nowMs + maxSkewMs {
            throw .skewed(
                request: presented.date, server: server, limit: dateText(ms: nowMs + maxSkewMs), isPast: false)
        }
        if let seconds = presented.expiresSeconds {
            let endMs = signedMs + Int64(seconds) * 1000
            if nowMs >= endMs { throw .urlExpired(expires: dateText(ms: endMs), server: server, seconds: seconds) }
        } else if signedMs < nowMs - maxSkewMs {
            throw .skewed(request: presented.date, server: server, limit: dateText(ms: nowMs - maxSkewMs), isPast: true)
        }
    }

    /// The hash as the client has signed it: announced in a header, left out, or that of the body itself.
    private static func payloadHash(of request: HTTPRequest, _ presented: Presented) throws(Failure) -> String {
        if let announced = request.headers["X-Amz-Content-SHA256"] { return announced }
        if presented.expiresSeconds != nil, presented.scope.service == "s3" { return unsignedPayload }
        return try hash(of: request.body)
    }

    private static func checkPayload(_ announced: String, of request: HTTPRequest) throws(Failure) {
        guard announced != unsignedPayload, !announced.hasPrefix("STREAMING-"),
            request.headers["X-Amz-Content-SHA256"] != nil
        else { return }
        let computed = try hash(of: request.body)
        guard isEqual(announced.lowercased(), computed) else {
            throw .payloadMismatch(claimed: announced, computed: computed)
        }
    }
}
