import AWSWire
import BatonCore

/// Checks a policy's syntax, and that it does not let everybody in. Errors: ResourceNotFoundException. Source: API
/// reference, ValidateResourcePolicy.
enum ValidateResourcePolicy: ReadOperation {
    struct Input: Decodable, Sendable {
        let secretId: String?
        let resourcePolicy: String
    }

    struct Output: Encodable, Sendable {
        let policyValidationPassed: Bool
        let validationErrors: [PolicyCheck.Finding]
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        if let id = input.secretId { _ = try context.read { try Secret.requireActive(id, context, $0) } }
        let findings = PolicyCheck(input.resourcePolicy).findings
        return Output(policyValidationPassed: findings.isEmpty, validationErrors: findings)
    }
}
