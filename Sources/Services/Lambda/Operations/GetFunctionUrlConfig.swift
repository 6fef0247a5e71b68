import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetFunctionUrlConfig.
enum GetFunctionUrlConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> FunctionURLSettings.Output {
        let reference = try FunctionURLSettings.reference(input.functionName, input.qualifier, context)
        let found = try context.read { db in try FunctionURLSettings.required(reference, db) }
        return FunctionURLSettings.output(found, reference, context)
    }
}
