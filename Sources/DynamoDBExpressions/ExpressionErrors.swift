package import AWSWire

/// Errors of values, keys and expressions; the texts are AWS's own.
extension AWSError {
    package static func validation(_ message: String) -> AWSError { AWSError("ValidationException", message) }

    /// The frequent form of ``validation(_:)``.
    package static func invalidParameter(_ message: String) -> AWSError {
        .validation("One or more parameter values were invalid: \(message)")
    }

    package static let keyMismatch = AWSError.validation("The provided key element does not match the schema")
}
