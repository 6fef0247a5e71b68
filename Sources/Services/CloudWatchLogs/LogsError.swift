import AWSWire

/// The errors of CloudWatch Logs, each once.
enum LogsError {
    static let groupExists = AWSError("ResourceAlreadyExistsException", "The specified log group already exists")
    static let streamExists = AWSError("ResourceAlreadyExistsException", "The specified log stream already exists")
    static let groupNotFound = AWSError("ResourceNotFoundException", "The specified log group does not exist.")
    static let streamNotFound = AWSError("ResourceNotFoundException", "The specified log stream does not exist.")
    static let resourceNotFound = AWSError("ResourceNotFoundException", "The specified resource does not exist.")
    static let protected = AWSError(
        "InvalidParameterException", "The log group is protected from deletion. Disable deletion protection first.")
    static let badToken = invalid("The specified nextToken is invalid.")
    static let tooManyTags = AWSError("TooManyTagsException", "A log group can have no more than 50 tags.")

    static let limitExceeded = AWSError("LimitExceededException", "Resource limit exceeded.")
    static func filterNotFound(_ kind: LogFilter.Kind) -> AWSError {
        AWSError("ResourceNotFoundException", "The specified \(kind.rawValue) filter does not exist.")
    }
    static let queryNotFound = AWSError("ResourceNotFoundException", "The specified query does not exist.")
    static func malformedQuery(_ detail: String) -> AWSError { AWSError("MalformedQueryException", detail) }

    static func invalid(_ message: String) -> AWSError { AWSError("InvalidParameterException", message) }
    static func badPattern(_ detail: String) -> AWSError { invalid("Invalid filter pattern: \(detail)") }
}
