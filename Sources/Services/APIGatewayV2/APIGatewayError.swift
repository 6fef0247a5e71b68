import AWSWire

/// The errors of API Gateway, each with its code, status and message in one place. Source: the API's model; messages are
/// those that AWS answers, unless marked `Assumed:`.
enum APIGatewayError {
    static func noApi(_ id: String, _ account: String) -> AWSError {
        AWSError("NotFoundException", "Invalid API identifier specified \(account):\(id)", status: 404)
    }

    static func noPart(_ kind: PartKind, _ id: String) -> AWSError {
        AWSError("NotFoundException", "Invalid \(kind.title) identifier specified \(id)", status: 404)
    }

    static func conflict(_ message: String) -> AWSError { AWSError("ConflictException", message, status: 409) }
    static func badRequest(_ message: String) -> AWSError { AWSError("BadRequestException", message) }
    static func noResource(_ arn: String) -> AWSError {
        AWSError("NotFoundException", "Invalid resource identifier specified \(arn)", status: 404)
    }
}
