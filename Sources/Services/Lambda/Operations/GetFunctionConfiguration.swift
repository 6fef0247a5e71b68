import AWSWire
import BatonCore

/// The configuration of one version.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetFunctionConfiguration.
enum GetFunctionConfiguration: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> FunctionConfiguration {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        return try context.read { db in
            FunctionConfiguration(try db.resolve(reference), qualifier: reference.qualifier)
        }
    }
}
