import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Freezes `$LATEST` as the next number. When nothing has changed since the last version, that one is returned.
/// Errors: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
/// Source: Lambda API reference, PublishVersion.
enum PublishVersion: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let codeSha256: String?
        let description: String?
        let revisionId: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> FunctionConfiguration {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        let revision = context.random.uuid()
        return try await context.write { transaction in
            let latest = try transaction.db.resolve(reference)
            if let expected = input.revisionId, expected != latest.revision { throw LambdaError.otherRevision() }
            if let expected = input.codeSha256, expected != latest.codeSha256 {
                throw LambdaError.invalid(
                    "CodeSHA256 (\(expected)) is different from current CodeSHA256 in $LATEST (\(latest.codeSha256))."
                        + " Please try again with the CodeSHA256 in $LATEST.")
            }
            let published = try latest.publish(input.description, revision: revision, transaction)
            return FunctionConfiguration(published, qualifier: published.version)
        }
    }
}

extension FunctionVersion {
    /// Stores a copy of `$LATEST` under the next number, unless the last number is the same already.
    func publish(_ description: String?, revision: String, _ transaction: Transaction) throws -> FunctionVersion {
        var copy = self
        copy.settings.description = description ?? settings.description
        let last = try transaction.row(
            """
            SELECT * FROM lambda_version WHERE account = ? AND region = ? AND name = ? AND number > 0
            ORDER BY number DESC LIMIT 1
            """, reference.account, reference.region, reference.name
        ).map(FunctionVersion.init)
        if let last, last.codeSha256 == codeSha256, last.settings == copy.settings { return last }
        let next: Int = try transaction.db.functionRow(reference)?["next_version"] ?? 1
        copy.version = String(next)
        copy.revision = revision
        copy.modifiedMs = transaction.nowMs
        try copy.store(transaction)
        try transaction.execute(
            "UPDATE lambda_function SET next_version = ? WHERE account = ? AND region = ? AND name = ?", next + 1,
            reference.account, reference.region, reference.name)
        return copy
    }
}
