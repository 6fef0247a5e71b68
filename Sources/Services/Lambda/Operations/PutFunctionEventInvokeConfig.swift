import AWSWire
import BatonCore
import BatonStore

/// Sets how asynchronous invocations are tried and where their results go; what the request does not name is unset.
/// Errors: ResourceNotFoundException, InvalidParameterValueException.
/// Source: Lambda API reference, PutFunctionEventInvokeConfig.
enum PutFunctionEventInvokeConfig: Operation {
    static func run(_ input: EventConfigInput, _ context: Context) async throws(AWSError) -> EventConfigOutput {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        var settings = EventSettings()
        try input.apply(to: &settings)
        return try await context.write { [settings] transaction in
            _ = try transaction.db.resolve(reference)
            try settings.store(reference, transaction)
            return EventConfigOutput(settings, reference, modifiedMs: transaction.nowMs)
        }
    }
}
