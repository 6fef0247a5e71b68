import AWSWire
import BatonCore
import BatonStore

/// Deletes an alias; one that does not exist counts as deleted.
/// Errors: ResourceNotFoundException for the function. Source: Lambda API reference, DeleteAlias.
enum DeleteAlias: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let name: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        try await context.write { transaction in
            try transaction.db.requireFunction(reference)
            try transaction.execute(
                "DELETE FROM lambda_alias WHERE account = ? AND region = ? AND name = ? AND alias = ?",
                reference.account, reference.region, reference.name, input.name)
            for table in ["lambda_permission", "lambda_event_config"] {
                try transaction.execute(
                    "DELETE FROM \(table) WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
                    reference.account, reference.region, reference.name, input.name)
            }
            lambda.changed(reference, transaction)
        }
        return Nothing()
    }
}
