import AWSWire

/// The errors of Secrets Manager, each with its code and message in one place; all have status 400.
///
/// Source: the API's model for codes; messages are those that AWS answers, unless marked `Assumed:`.
enum SecretsManagerError {
    static func parameter(_ message: String) -> AWSError { AWSError("InvalidParameterException", message) }
    static func request(_ message: String) -> AWSError { AWSError("InvalidRequestException", message) }
    static func notFound(_ message: String) -> AWSError { AWSError("ResourceNotFoundException", message) }
    static func exists(_ message: String) -> AWSError { AWSError("ResourceExistsException", message) }
    static func limit(_ message: String) -> AWSError { AWSError("LimitExceededException", message) }
    static func malformed(_ message: String) -> AWSError { AWSError("MalformedPolicyDocumentException", message) }

    static let name = AWSError(
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!")
    static let noSecret = notFound("Secrets Manager can't find the specified secret.")
    /// For nearly everything but describing, restoring and deleting.
    static let marked = request(
        "You can't perform this operation on the secret because it was marked for deletion.")
    static let alreadyMarked = request(
        "You can't perform this operation on the secret because it was already scheduled for deletion.")
    static let nameIsMarked = request(
        "You can't create this secret because a secret with this name is already scheduled for deletion.")
    static let noToken = "You must provide a ClientRequestToken value. We recommend a UUID-type value."
    static let bothValues = parameter(
        "You can't specify both a binary secret value and a string secret value in the same secret.")
    static let noValue = request("You must provide either SecretString or SecretBinary.")
    static let replica = parameter(
        "Operation not permitted on a replica secret. Call must be made in primary secret's region.")
    static let nextToken = AWSError("InvalidNextTokenException", "Invalid NextToken value.")
    static let stageMismatch = request(
        "You provided a VersionStage that is not associated to the provided VersionId.")

    static func secretExists(_ name: String) -> AWSError {
        exists("The operation failed because the secret \(name) already exists.")
    }

    static func tokenInUse(_ token: String, _ arn: String) -> AWSError {
        exists(
            "You can't use ClientRequestToken \(token) because that value is already in use for a version of secret \(arn)."
        )
    }

    static func noStage(_ stage: String) -> AWSError {
        notFound("Secrets Manager can't find the specified secret value for staging label: \(stage)")
    }

    static func noVersion(_ id: String) -> AWSError {
        notFound("Secrets Manager can't find the specified secret value for VersionId: \(id)")
    }

    /// Assumed: the text.
    static let decryption = AWSError(
        "DecryptionFailure",
        "Secrets Manager can't decrypt the protected secret text: its key is not in the data folder.")
    /// Assumed: the text.
    static let encryption = AWSError(
        "EncryptionFailure", "Secrets Manager can't encrypt the secret: its key cannot be stored in the data folder.")
}
