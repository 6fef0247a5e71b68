import AWSWire
import BatonCore
import BatonStore
import GRDB

/// How the runtime is updated: `Auto` unless something else was set.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetRuntimeManagementConfig.
enum GetRuntimeManagementConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }
    struct Output: Encodable, Sendable {
        let updateRuntimeOn: String
        let runtimeVersionArn: String?
        let functionArn: String

        init(_ settings: PutRuntimeManagementConfig.Settings, _ reference: FunctionReference) {
            updateRuntimeOn = settings.updateRuntimeOn
            runtimeVersionArn = settings.runtimeVersionArn
            functionArn = reference.arn.description
        }
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        return try context.read { db in
            _ = try db.resolve(reference)
            let found = try Attachment<PutRuntimeManagementConfig.Settings>.find(
                PutRuntimeManagementConfig.kind, reference, db)
            return Output(found?.settings ?? PutRuntimeManagementConfig.Settings(), reference)
        }
    }
}
