import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Gives a function or an alias a URL, here `http://localhost:4566/_aws/lambda-url/<id>/`. `RESPONSE_STREAM` is kept;
/// answers are sent when they are whole.
/// Errors: ResourceConflictException, ResourceNotFoundException, InvalidParameterValueException.
/// Source: Lambda API reference, CreateFunctionUrlConfig.
enum CreateFunctionUrlConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
        let authType: String
        let cors: JSON?
        let invokeMode: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> FunctionURLSettings.Output {
        let reference = try FunctionURLSettings.reference(input.functionName, input.qualifier, context)
        let settings = FunctionURLSettings(
            id: context.random.hex(32), authType: input.authType, cors: input.cors,
            invokeMode: input.invokeMode ?? "BUFFERED")
        let stored = try await context.write { transaction in
            _ = try transaction.db.resolve(reference)
            if try Attachment<FunctionURLSettings>.find(FunctionURLSettings.kind, reference, transaction.db) != nil {
                throw LambdaError.conflict(
                    "Failed to create function url config for [functionArn = \(reference.arn)]. Error message:  "
                        + "FunctionUrlConfig exists for this Lambda function")
            }
            return try Attachment.store(FunctionURLSettings.kind, reference, settings, transaction)
        }
        return FunctionURLSettings.output(stored, reference, context)
    }
}
