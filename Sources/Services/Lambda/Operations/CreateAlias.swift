import AWSWire
import BatonCore
import BatonStore

/// Names a version, with an optional second version for a share of the calls.
/// Errors: ResourceNotFoundException, ResourceConflictException, InvalidParameterValueException.
/// Source: Lambda API reference, CreateAlias.
enum CreateAlias: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let name: String
        let functionVersion: String
        let description: String?
        let routingConfig: Alias.Routing?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Alias.Output {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        let alias = Alias(
            reference: reference, name: input.name, version: input.functionVersion,
            description: input.description ?? "", weights: input.routingConfig?.additionalVersionWeights ?? [:],
            revision: context.random.uuid())
        return try await context.write { transaction in
            try transaction.db.requireFunction(reference)
            guard try transaction.db.alias(reference, alias.name) == nil else {
                throw LambdaError.conflict("Alias already exists: \(reference.qualified(alias.name))")
            }
            try alias.check(transaction)
            try alias.store(transaction)
            lambda.changed(reference, transaction)
            return alias.output
        }
    }
}
