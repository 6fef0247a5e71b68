import AWSWire
import BatonCore
import BatonStore

/// Removes the configuration of asynchronous invocations.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, DeleteFunctionEventInvokeConfig.
enum DeleteFunctionEventInvokeConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        try await context.write { transaction in
            _ = try transaction.db.resolve(reference)
            let removed = try transaction.execute(
                "DELETE FROM lambda_event_config WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
                reference.account, reference.region, reference.name,
                reference.qualifier ?? FunctionVersion.latest)
            guard removed == 1 else { throw LambdaError.noEventConfig(reference.arn) }
        }
        return Nothing()
    }
}
