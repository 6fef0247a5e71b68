import AWSWire

/// The errors of API Gateway, each with its code, status and message in one place. Source: the API's model; messages are
/// those that AWS answers, unless marked `Assumed:`.
enum APIGatewayError {
    static func notFound(_ message: String) -> AWSError { AWSError("NotFoundException", message, status: 404) }
    static func noApi(_ id: String, _ account: String) -> AWSError {
        notFound("Invalid API identifier specified \(account):\(id)")
    }
    static func conflict(_ message: String) -> AWSError { AWSError("ConflictException", message, status: 409) }
    static func badRequest(_ message: String) -> AWSError { AWSError("BadRequestException", message) }

    /// Assumed: the wording; AWS lists the paths that it takes.
    static func patchPath(_ path: String, _ op: String) -> AWSError {
        badRequest("Invalid patch path  '\(path)' specified for op '\(op)'. Please choose supported operations")
    }
}
