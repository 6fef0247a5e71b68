import AWSWire
import JSON

/// The errors of Lambda, each once. Every one carries `Type`, whose side failed: `User` or `Service`.
enum LambdaError {
    private static func user(_ code: String, _ message: String, _ status: Int) -> AWSError {
        AWSError(code, message, status: status, fields: ["Type": "User"])
    }

    // MARK: 404

    static func functionNotFound(_ arn: ARN) -> AWSError { notFound("Function not found: \(arn)") }
    static func aliasNotFound(_ arn: ARN) -> AWSError { notFound("Cannot find alias arn: \(arn)") }
    static func noPolicy() -> AWSError { notFound("The resource you requested does not exist.") }
    static func statementNotFound(_ id: String) -> AWSError {
        notFound("Statement \(id) is not found in resource policy.")
    }
    static func noEventConfig(_ arn: ARN) -> AWSError {
        notFound("The function \(arn) doesn't have an EventInvokeConfig")
    }
    static func mappingNotFound() -> AWSError { notFound("The resource you requested does not exist.") }
    static func notFound(_ message: String) -> AWSError { user("ResourceNotFoundException", message, 404) }

    // MARK: 409 and 412

    static func conflict(_ message: String) -> AWSError { user("ResourceConflictException", message, 409) }
    static func functionExists(_ name: String) -> AWSError { conflict("Function already exist: \(name)") }
    static func inUse(_ message: String) -> AWSError { user("ResourceInUseException", message, 400) }

    /// Another revision than the caller expected.
    static func otherRevision() -> AWSError {
        user(
            "PreconditionFailedException",
            "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve"
                + " the latest RevisionId", 412)
    }

    // MARK: 400

    static func invalid(_ message: String) -> AWSError { user("InvalidParameterValueException", message, 400) }
    static func badPayload(_ detail: String) -> AWSError {
        user("InvalidRequestContentException", "Could not parse request body into json: \(detail)", 400)
    }
    static func codeTooLarge(_ message: String) -> AWSError {
        user("CodeStorageExceededException", message, 400)
    }

    // MARK: 413 and 429

    static func payloadTooLarge(_ count: Int, limit: Int) -> AWSError {
        user(
            "RequestEntityTooLargeException", "\(count) byte payload is too large for the limit of \(limit) bytes", 413)
    }

    /// - Parameter reason: for example `ReservedFunctionConcurrentInvocationLimitExceeded`.
    static func throttled(_ reason: String) -> AWSError {
        AWSError(
            "TooManyRequestsException", "Rate Exceeded.", status: 429,
            fields: ["Type": "User", "Reason": .string(reason)])
    }

    // MARK: 5xx

    static func service(_ message: String) -> AWSError {
        AWSError("ServiceException", message, status: 500, fields: ["Type": "Service"])
    }
}
