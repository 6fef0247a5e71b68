import AWSWire
import BatonCore
import BatonStore

/// Changes the configuration of asynchronous invocations; what the request does not name stays.
/// Errors: ResourceNotFoundException, InvalidParameterValueException.
/// Source: Lambda API reference, UpdateFunctionEventInvokeConfig.
enum UpdateFunctionEventInvokeConfig: Operation {
    static func run(_ input: EventConfigInput, _ context: Context) async throws(AWSError) -> EventConfigOutput {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        return try await context.write { transaction in
            _ = try transaction.db.resolve(reference)
            guard var settings = try EventSettings.read(transaction.db, reference)?.settings else {
                throw LambdaError.noEventConfig(reference.arn)
            }
            try input.apply(to: &settings)
            try settings.store(reference, transaction)
            return EventConfigOutput(settings, reference, modifiedMs: transaction.nowMs)
        }
    }
}
