import AWSWire
import BatonCore

/// One alias.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetAlias.
enum GetAlias: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let name: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Alias.Output {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        return try context.read { db in
            try db.requireFunction(reference)
            guard let alias = try db.alias(reference, input.name) else {
                throw LambdaError.aliasNotFound(reference.qualified(input.name))
            }
            return alias.output
        }
    }
}
