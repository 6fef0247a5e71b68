import AWSWire
import BatonCore
import BatonStore

/// Removes a statement from the policy of a function, version or alias.
/// Errors: ResourceNotFoundException, PreconditionFailedException. Source: Lambda API reference, RemovePermission.
enum RemovePermission: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
        let statementId: String
        let revisionId: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        try await context.write { transaction in
            _ = try transaction.db.resolve(reference)
            try Policy.check(input.revisionId, reference, transaction)
            let removed = try transaction.execute(
                """
                DELETE FROM lambda_permission
                WHERE account = ? AND region = ? AND name = ? AND qualifier = ? AND statement_id = ?
                """, reference.account, reference.region, reference.name, Policy.qualifier(reference),
                input.statementId)
            guard removed == 1 else { throw LambdaError.statementNotFound(input.statementId) }
        }
        return Nothing()
    }
}
