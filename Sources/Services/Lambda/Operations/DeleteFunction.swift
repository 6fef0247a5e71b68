import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Deletes a function with its versions, aliases, permissions and event configurations, or one version of it. Event
/// source mappings stay, as on AWS.
/// Errors: ResourceNotFoundException, ResourceConflictException, InvalidParameterValueException.
/// Source: Lambda API reference, DeleteFunction.
enum DeleteFunction: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        let function = reference.with(qualifier: nil)
        try await context.write { transaction in
            try transaction.db.requireFunction(function)
            if let version = reference.qualifier {
                try delete(version: version, function, transaction)
            } else {
                for table in [
                    "lambda_function", "lambda_version", "lambda_alias", "lambda_permission", "lambda_event_config",
                    "lambda_attachment",
                ] {
                    try transaction.execute(
                        "DELETE FROM \(table) WHERE account = ? AND region = ? AND name = ?", function.account,
                        function.region, function.name)
                }
            }
            lambda.changed(function, transaction)
            transaction.afterCommit {
                lambda.pool.retire(function) { version in
                    reference.qualifier.map { $0 != version.version } ?? false
                }
            }
        }
        // Before the answer, so that a function of the same name that comes next finds its folder undisturbed.
        if reference.qualifier == nil { try lambda.code().remove(function) }
        return Nothing()
    }

    private static func delete(
        version: String, _ function: FunctionReference, _ transaction: Transaction
    ) throws {
        guard version != FunctionVersion.latest else {
            throw LambdaError.invalid("$LATEST version cannot be deleted without deleting the function.")
        }
        guard Int(version) != nil else {
            throw LambdaError.invalid("Deletion of aliases is not currently supported.")
        }
        let aliases = try transaction.rows(
            "SELECT * FROM lambda_alias WHERE account = ? AND region = ? AND name = ?", function.account,
            function.region, function.name
        ).map(Alias.init).filter { $0.version == version || $0.weights[version] != nil }
        guard aliases.isEmpty else {
            throw LambdaError.conflict(
                "Version \(version) of function \(function.name) is referenced by alias(es): "
                    + aliases.map(\.name).joined(separator: ", "))
        }
        try transaction.execute(
            "DELETE FROM lambda_version WHERE account = ? AND region = ? AND name = ? AND version = ?",
            function.account, function.region, function.name, version)
    }
}
