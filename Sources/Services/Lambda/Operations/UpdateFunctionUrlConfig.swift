import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Errors: ResourceNotFoundException, InvalidParameterValueException.
/// Source: Lambda API reference, UpdateFunctionUrlConfig.
enum UpdateFunctionUrlConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
        let authType: String?
        let cors: JSON?
        let invokeMode: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> FunctionURLSettings.Output {
        let reference = try FunctionURLSettings.reference(input.functionName, input.qualifier, context)
        let stored = try await context.write { transaction in
            var settings = try FunctionURLSettings.required(reference, transaction.db).settings
            settings.authType = input.authType ?? settings.authType
            settings.invokeMode = input.invokeMode ?? settings.invokeMode
            if let cors = input.cors { settings.cors = cors.object?.isEmpty == true ? nil : cors }
            return try Attachment.store(FunctionURLSettings.kind, reference, settings, transaction)
        }
        return FunctionURLSettings.output(stored, reference, context)
    }
}
