import AWSWire

/// How large the body of a request may be, by service. The services themselves check their finer limits.
enum BodyLimits {
    private static let mebibyte = 1024 * 1024
    /// Below this nobody needs to know the service.
    private static let small = mebibyte

    /// - Parameter request: a head, its body is not there yet.
    static func rule(_ request: HTTPRequest, _ router: ServiceRouter) -> HTTPServer.BodyRule {
        if let length = request.headers["Content-Length"].flatMap(Int.init), length <= small { return .init() }
        return rule(service: router.address(request, scope: CredentialScope.parse(request)).service, request.path)
    }

    static func rule(service: String, _ path: String) -> HTTPServer.BodyRule {
        switch service {
        // 1 MiB of messages, each of whose characters may be escaped. Source: SQS API reference, SendMessageBatch.
        case "sqs", "sns": .init(limit: 8 * mebibyte)
        // Source: DynamoDB developer guide, BatchWriteItem: 16 MB, as seen by the service.
        case "dynamodb": .init(limit: 16 * mebibyte)
        // Source: Lambda quotas: 6 MB for invocations, 50 MB of zip, which is base64 in JSON (70,167,211 bytes).
        case "lambda": .init(limit: path.hasSuffix("/invocations") ? 6 * mebibyte + 65_536 : 70_167_211)
        // Source: S3 user guide: 5 GiB for one PUT; the framing of chunks comes on top.
        case "s3": .init(limit: 5 * 1024 * mebibyte + 64 * mebibyte, spoolAbove: 8 * mebibyte)
        default: .init(limit: 10 * mebibyte)
        }
    }

    /// The answer to a body that could not be written to the spool folder.
    static let unstorable = AWSError(
        "ServiceUnavailable", "The body cannot be stored: check the disk that holds the data folder.", status: 503)

    /// What the service answers to a larger body.
    static func error(service: String, limit: Int) -> AWSError {
        switch service {
        case "s3":
            AWSError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", status: 400)
        case "lambda":
            AWSError(
                "RequestTooLargeException", "Request must be smaller than \(limit) bytes for this operation",
                status: 413)
        default: AWSError("RequestEntityTooLargeException", "The request body exceeds \(limit) bytes.", status: 413)
        }
    }
}
