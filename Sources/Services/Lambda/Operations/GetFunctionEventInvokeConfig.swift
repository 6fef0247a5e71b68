import AWSWire
import BatonCore

/// The configuration of asynchronous invocations.
/// Errors: ResourceNotFoundException, also when there is none. Source: Lambda API reference, GetFunctionEventInvokeConfig.
enum GetFunctionEventInvokeConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> EventConfigOutput {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        return try context.read { db in
            _ = try db.resolve(reference)
            guard let (settings, modifiedMs) = try EventSettings.read(db, reference) else {
                throw LambdaError.noEventConfig(reference.arn)
            }
            return EventConfigOutput(settings, reference, modifiedMs: modifiedMs)
        }
    }
}
