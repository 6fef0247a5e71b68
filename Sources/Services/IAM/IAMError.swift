import AWSWire

/// The errors of IAM, each with its code, status and message in one place.
///
/// Source: the API's model for codes and status; messages are those that AWS answers.
enum IAMError {
    static func notFound(_ message: String) -> AWSError { AWSError("NoSuchEntity", message, status: 404) }
    static func exists(_ message: String) -> AWSError { AWSError("EntityAlreadyExists", message, status: 409) }
    static func conflict(_ reason: String) -> AWSError {
        AWSError("DeleteConflict", "Cannot delete entity, must \(reason) first.", status: 409)
    }
    static func malformed(_ message: String) -> AWSError { AWSError("MalformedPolicyDocument", message) }
    static func invalid(_ message: String) -> AWSError { AWSError("ValidationError", message) }
    static func limit(_ message: String) -> AWSError { AWSError("LimitExceeded", message, status: 409) }
    static func quota(_ name: String, _ count: Int) -> AWSError { limit("Cannot exceed quota for \(name): \(count)") }

    static let policyInUse = AWSError("DeleteConflict", "Cannot delete a policy attached to entities.", status: 409)
    static let policyHasVersions = AWSError(
        "DeleteConflict",
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            + "The default version is deleted with the policy.", status: 409)
    static let defaultVersion = AWSError(
        "DeleteConflict", "Cannot delete the default version of a policy.", status: 409)
}
