import AWSWire
import BatonCore
import DynamoDBExpressions
import JSON

/// The resource policy of a table: kept and shown, not enforced.
enum ResourcePolicy {
    /// Bytes of a policy. Source: API reference, PutResourcePolicy.
    private static let maxBytes = 20 * 1024

    static func checked(_ text: String) throws(AWSError) -> String {
        guard text.utf8.count <= maxBytes, let document = try? JSON.parse(text), document["Statement"] != nil else {
            throw .validation("Invalid policy document: The policy document is not valid")
        }
        return text
    }

    static func notFound(_ arn: String) -> AWSError {
        AWSError("PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn: \(arn)")
    }

    /// Errors: PolicyNotFoundException when the policy is not at the revision that the caller expects; `NO_POLICY` means
    /// that there is none.
    static func check(_ expected: String?, _ definition: TableDefinition, _ arn: String) throws(AWSError) {
        guard let expected, expected != definition.policyRevision ?? "NO_POLICY" else { return }
        throw notFound(arn)
    }
}
