import AWSWire
import BatonCore
import BatonStore
import GRDB

/// When the runtime shall be updated: kept and shown, since the machine's interpreters are what they are.
/// Errors: ResourceNotFoundException, InvalidParameterValueException.
/// Source: Lambda API reference, PutRuntimeManagementConfig.
enum PutRuntimeManagementConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
        let updateRuntimeOn: String
        let runtimeVersionArn: String?
    }
    struct Settings: Codable, Sendable {
        var updateRuntimeOn = "Auto"
        var runtimeVersionArn: String?
    }
    static let kind = "runtime"

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> GetRuntimeManagementConfig.Output {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        guard (input.updateRuntimeOn == "Manual") == (input.runtimeVersionArn != nil) else {
            throw LambdaError.invalid(
                input.runtimeVersionArn == nil
                    ? "RuntimeVersionArn is required if UpdateRuntimeOn is set to Manual"
                    : "RuntimeVersionArn can only be set if UpdateRuntimeOn is set to Manual")
        }
        let settings = Settings(updateRuntimeOn: input.updateRuntimeOn, runtimeVersionArn: input.runtimeVersionArn)
        return try await context.write { transaction in
            _ = try transaction.db.resolve(reference)
            try Attachment.store(kind, reference, settings, transaction)
            return GetRuntimeManagementConfig.Output(settings, reference)
        }
    }
}
