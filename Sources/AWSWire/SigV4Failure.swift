import JSON

extension SigV4 {
    /// Why a request is not taken as signed.
    public enum Failure: Error, Sendable, Equatable {
        case missingToken
        /// The header or query lacks parts; the text says which.
        case incomplete(String)
        case unknownAccessKey(String)
        case expiredToken
        /// Signed too long ago, or too far in the future: both times as `yyyyMMdd'T'HHmmss'Z'`.
        case skewed(request: String, server: String, limit: String, isPast: Bool)
        /// A presigned URL past its time.
        case urlExpired(expires: String, server: String, seconds: Int)
        case scopeDate(credential: String, request: String)
        case mismatch(accessKeyId: String, signature: String, stringToSign: String, canonicalRequest: String)
        case chunkMismatch
        case payloadMismatch(claimed: String, computed: String)
        /// The framing of a chunked body is broken, or it is shorter or longer than announced.
        case incompleteBody
        case unreadableBody
    }

    /// Services word the same failure differently.
    public enum Dialect: Sendable, CaseIterable {
        /// JSON 1.0 and 1.1: codes end in `Exception`, status 400.
        case json
        /// REST-JSON: the same codes, status 403.
        case restJSON
        /// Query and REST-XML: codes of the common errors, status 403.
        case query
        case s3
    }
}

extension SigV4.Failure {
    /// The error as services of this dialect answer it. Source: "Common Error Types" of the API references, S3 "Error
    /// responses". Assumed: the statuses of REST-JSON.
    public func error(_ dialect: SigV4.Dialect) -> AWSError {
        dialect == .s3 ? s3Error : commonError(dialect)
    }

    private func commonError(_ dialect: SigV4.Dialect) -> AWSError {
        let isQuery = dialect == .query
        let status = dialect == .json ? 400 : 403
        func failed(_ code: String, _ message: String) -> AWSError {
            AWSError(isQuery ? code : "\(code)Exception", message, status: status)
        }
        func wrongSignature(_ message: String) -> AWSError {
            AWSError(isQuery ? "SignatureDoesNotMatch" : "InvalidSignatureException", message, status: status)
        }
        switch self {
        case .missingToken: return failed("MissingAuthenticationToken", "Request is missing Authentication Token")
        case .incomplete(let text):
            return AWSError(isQuery ? "IncompleteSignature" : "IncompleteSignatureException", text, status: 400)
        case .unknownAccessKey:
            return AWSError(
                isQuery ? "InvalidClientTokenId" : "UnrecognizedClientException",
                "The security token included in the request is invalid.", status: status)
        case .expiredToken: return failed("ExpiredToken", "The security token included in the request is expired")
        case .skewed(let request, let server, let limit, let isPast):
            return wrongSignature(
                isPast
                    ? "Signature expired: \(request) is now earlier than \(limit) (\(server) - 15 min.)"
                    : "Signature not yet current: \(request) is still later than \(limit) (\(server) + 15 min.)")
        case .urlExpired(let expires, let server, _):
            return wrongSignature("Signature expired: \(expires) is now earlier than \(server)")
        case .scopeDate(let credential, let request):
            return wrongSignature(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                    + "'\(credential)' != '\(request.prefix(8))', from '\(request)'.")
        case .mismatch, .chunkMismatch, .payloadMismatch:
            return wrongSignature(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                    + "Access Key and signing method. Consult the service documentation for details.")
        case .incompleteBody: return AWSError("IncompleteBody", Self.incompleteBodyText)
        case .unreadableBody: return AWSError(isQuery ? "InternalFailure" : "InternalServerError", "", status: 500)
        }
    }

    private var s3Error: AWSError {
        switch self {
        case .missingToken: AWSError("AccessDenied", "Access Denied", status: 403)
        case .incomplete(let text):
            AWSError("AuthorizationHeaderMalformed", "The authorization header is malformed; \(text)")
        case .unknownAccessKey(let key):
            AWSError(
                "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", status: 403,
                fields: ["AWSAccessKeyId": .string(key)])
        case .expiredToken: AWSError("ExpiredToken", "The provided token has expired.")
        case .skewed(let request, let server, _, _):
            AWSError(
                "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
                status: 403,
                fields: [
                    "RequestTime": .string(request), "ServerTime": .string(server),
                    "MaxAllowedSkewMilliseconds": .number(Int(SigV4.maxSkewMs)),
                ])
        case .urlExpired(let expires, let server, let seconds):
            AWSError(
                "AccessDenied", "Request has expired", status: 403,
                fields: [
                    "X-Amz-Expires": .number(seconds), "Expires": .string(expires), "ServerTime": .string(server),
                ])
        case .scopeDate(let credential, let request):
            AWSError(
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; Invalid credential date \"\(credential)\". This date is not the "
                    + "same as X-Amz-Date: \"\(request.prefix(8))\".")
        case .mismatch(let key, let signature, let text, let canonical):
            AWSError(
                "SignatureDoesNotMatch", Self.s3MismatchText, status: 403,
                fields: [
                    "AWSAccessKeyId": .string(key), "StringToSign": .string(text),
                    "SignatureProvided": .string(signature), "StringToSignBytes": .string(Self.spaced(text)),
                    "CanonicalRequest": .string(canonical), "CanonicalRequestBytes": .string(Self.spaced(canonical)),
                ])
        case .chunkMismatch: AWSError("SignatureDoesNotMatch", Self.s3MismatchText, status: 403)
        case .payloadMismatch(let claimed, let computed):
            AWSError(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                fields: [
                    "ClientComputedContentSHA256": .string(claimed), "S3ComputedContentSHA256": .string(computed),
                ])
        case .incompleteBody: AWSError("IncompleteBody", Self.incompleteBodyText)
        case .unreadableBody:
            AWSError("InternalError", "We encountered an internal error. Please try again.", status: 500)
        }
    }

    private static let s3MismatchText =
        "The request signature we calculated does not match the signature you provided. Check your key and signing method."
    private static let incompleteBodyText =
        "You did not provide the number of bytes specified by the Content-Length HTTP header"

    private static func spaced(_ text: String) -> String {
        text.utf8.map { SigV4.hex([$0]) }.joined(separator: " ")
    }
}
