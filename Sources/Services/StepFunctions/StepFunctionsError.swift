import AWSWire
import JSON

/// Every error that Step Functions answers outside of executions. Messages as AWS words them.
enum StepFunctionsError {
    static func validation(_ message: String) -> AWSError { AWSError("ValidationException", message) }

    static func invalidArn(_ reason: String) -> AWSError { AWSError("InvalidArn", "Invalid Arn: '\(reason)'") }

    static func invalidName(_ name: String) -> AWSError { AWSError("InvalidName", "Invalid Name: '\(name)'") }

    static let invalidPageToken = AWSError("InvalidToken", "Invalid Token: 'Invalid token'")

    static let typeNotSupported = AWSError(
        "StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")

    // MARK: State machines

    static func machineDoesNotExist(_ arn: String) -> AWSError {
        AWSError("StateMachineDoesNotExist", "State Machine Does Not Exist: '\(arn)'")
    }

    static func machineAlreadyExists(_ arn: String) -> AWSError {
        AWSError("StateMachineAlreadyExists", "State Machine Already Exists: '\(arn)'")
    }

    static func machineIsDeleting(_ arn: String) -> AWSError {
        AWSError("StateMachineDeleting", "State Machine is deleting: '\(arn)'")
    }

    static func invalidLogging(_ reason: String) -> AWSError {
        AWSError("InvalidLoggingConfiguration", "Invalid Logging Configuration: \(reason)")
    }

    static func invalidEncryption(_ reason: String) -> AWSError {
        AWSError("InvalidEncryptionConfiguration", "Invalid Encryption Configuration: \(reason)")
    }

    static let nothingToUpdate = AWSError(
        "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified")

    // MARK: Versions and aliases

    static let descriptionWithoutPublish = validation("Version description can only be set when publish is true")

    static func otherRevision(_ asked: String, current: String) -> AWSError {
        AWSError(
            "ConflictException",
            "Failed to publish the State Machine version for revision \(asked). "
                + "The current State Machine revision is \(current).")
    }

    /// Assumed: the message.
    static let otherVersionDescription = AWSError(
        "ConflictException",
        "Failed to publish the State Machine version because this revision is already published with a different "
            + "description.")

    static func versionHasAliases(_ names: [String]) -> AWSError {
        AWSError(
            "ConflictException",
            "Version to be deleted must not be referenced by an alias. "
                + "Current list of aliases referencing this version: [\(names.joined(separator: ", "))]")
    }

    static let aliasExistsOtherwise = AWSError(
        "ConflictException",
        "Failed to create alias because an alias with the same name and a different routing configuration already "
            + "exists.")

    static let noSuchResource = AWSError("ResourceNotFound", "Request references a resource that does not exist.")

    static func resourceNotFound(_ arn: String) -> AWSError {
        AWSError("ResourceNotFound", "Resource not found: '\(arn)'")
    }

    /// Assumed: the message.
    static func tooMany(_ kind: String, _ limit: Int) -> AWSError {
        AWSError("ServiceQuotaExceededException", "The limit of \(limit) \(kind) per state machine is reached.")
    }

    static func tooManyTags(_ arn: String) -> AWSError {
        AWSError("TooManyTags", "Too many tags for resource: '\(arn)'", fields: ["resourceName": .string(arn)])
    }

    // MARK: Activities and tasks

    static func activityDoesNotExist(_ arn: String) -> AWSError {
        AWSError("ActivityDoesNotExist", "Activity Does Not Exist: '\(arn)'")
    }

    static func activityAlreadyExists(_ arn: String) -> AWSError {
        AWSError("ActivityAlreadyExists", "Activity Already Exists: '\(arn)'")
    }

    /// The attempt of a token is over.
    static let taskTimedOut = AWSError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")

    /// Assumed: the message.
    static let invalidOutput = AWSError("InvalidOutput", "Invalid Output: 'Output is not valid JSON'")
}

// MARK: Executions

extension StepFunctionsError {
    static func executionDoesNotExist(_ arn: String) -> AWSError {
        AWSError("ExecutionDoesNotExist", "Execution Does Not Exist: '\(arn)'")
    }

    static func executionAlreadyExists(_ arn: String) -> AWSError {
        AWSError("ExecutionAlreadyExists", "Execution Already Exists: '\(arn)'")
    }

    /// Assumed: the message.
    static func notRedrivable(_ reason: String) -> AWSError {
        AWSError("ExecutionNotRedrivable", "Execution Not Redrivable: '\(reason)'")
    }

    static let inputTooLong = AWSError(
        "ValidationException",
        "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than "
            + "or equal to 262144")
}
