import AWSWire
import BatonCore

/// How the runtime is updated: always `Auto`, since the machine's interpreters are what they are.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetRuntimeManagementConfig.
enum GetRuntimeManagementConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }
    struct Output: Encodable, Sendable {
        let updateRuntimeOn = "Auto"
        let functionArn: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        _ = try context.read { db in try db.resolve(reference) }
        return Output(functionArn: reference.arn.description)
    }
}
