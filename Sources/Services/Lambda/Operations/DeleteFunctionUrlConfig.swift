import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Errors: ResourceNotFoundException. Source: Lambda API reference, DeleteFunctionUrlConfig.
enum DeleteFunctionUrlConfig: Operation {
    typealias Input = GetFunctionUrlConfig.Input

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let reference = try FunctionURLSettings.reference(input.functionName, input.qualifier, context)
        return try await context.write { transaction in
            _ = try FunctionURLSettings.required(reference, transaction.db)
            _ = try Attachment<FunctionURLSettings>.remove(FunctionURLSettings.kind, reference, transaction)
            return Nothing()
        }
    }
}
