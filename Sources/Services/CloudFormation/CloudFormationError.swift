import AWSWire

/// Every error that CloudFormation answers, with AWS's texts. Source: the API reference's common errors and the texts
/// that the service is known to send.
enum CloudFormationError {
    static func validation(_ message: String) -> AWSError { AWSError("ValidationError", message) }

    /// A template that is not built as templates are.
    static func format(_ message: String) -> AWSError { validation("Template format error: \(message)") }

    /// A function in a template that cannot be evaluated.
    static func template(_ message: String) -> AWSError { validation("Template error: \(message)") }

    static func notWellFormed(_ language: String, line: Int, column: Int) -> AWSError {
        format("\(language) not well-formed. (line \(line), column \(column))")
    }

    static func unresolved(_ names: [String], block: String) -> AWSError {
        format("Unresolved resource dependencies \(list(names)) in the \(block) block of the template")
    }

    static func unknownStack(_ name: String) -> AWSError { validation("Stack with id \(name) does not exist") }

    /// The same fact as the operations with a stack *name* word it.
    static func unknownStackName(_ name: String) -> AWSError { validation("Stack [\(name)] does not exist") }

    static func alreadyExists(_ name: String) -> AWSError {
        AWSError("AlreadyExistsException", "Stack [\(name)] already exists")
    }

    static func insufficientCapabilities(_ needed: [String]) -> AWSError {
        AWSError("InsufficientCapabilitiesException", "Requires capabilities : \(list(needed))")
    }

    static func unknownChangeSet(_ name: String) -> AWSError {
        AWSError("ChangeSetNotFound", "ChangeSet [\(name)] does not exist", status: 404)
    }

    static func changeSetExists(_ name: String) -> AWSError {
        AWSError("AlreadyExistsException", "ChangeSet \(name) already exists")
    }

    static func changeSetStatus(_ id: String, status: String, execution: String) -> AWSError {
        AWSError(
            "InvalidChangeSetStatus",
            "ChangeSet [\(id)] cannot be executed in its current status of [\(status == "CREATE_COMPLETE" ? execution : status)]"
        )
    }

    /// `[A, B]`, the way AWS prints lists.
    static func list(_ names: some Sequence<String>) -> String { "[\(names.joined(separator: ", "))]" }
}
