import AWSWire
import JSON

/// Errors of executions. Messages as AWS words them.
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
