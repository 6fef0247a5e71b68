import AWSWire
import BatonCore
import BatonStore

/// Removes the reserved concurrency.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, DeleteFunctionConcurrency.
enum DeleteFunctionConcurrency: Operation {
    struct Input: Decodable, Sendable { let functionName: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        try await context.write { transaction in
            try transaction.db.requireFunction(reference)
            try transaction.execute(
                "UPDATE lambda_function SET reserved = NULL WHERE account = ? AND region = ? AND name = ?",
                reference.account, reference.region, reference.name)
            lambda.changed(reference, transaction)
        }
        return Nothing()
    }
}
