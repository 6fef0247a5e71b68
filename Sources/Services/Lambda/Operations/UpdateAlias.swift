import AWSWire
import BatonCore
import BatonStore

/// Points an alias elsewhere; what the request does not name stays.
/// Errors: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
/// Source: Lambda API reference, UpdateAlias.
enum UpdateAlias: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let name: String
        let functionVersion: String?
        let description: String?
        let routingConfig: Alias.Routing?
        let revisionId: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Alias.Output {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        let revision = context.random.uuid()
        return try await context.write { transaction in
            try transaction.db.requireFunction(reference)
            guard var alias = try transaction.db.alias(reference, input.name) else {
                throw LambdaError.aliasNotFound(reference.qualified(input.name))
            }
            if let expected = input.revisionId, expected != alias.revision { throw LambdaError.otherRevision() }
            alias.version = input.functionVersion ?? alias.version
            alias.description = input.description ?? alias.description
            if let routing = input.routingConfig { alias.weights = routing.additionalVersionWeights ?? [:] }
            alias.revision = revision
            try alias.check(transaction)
            try alias.store(transaction)
            lambda.changed(reference, transaction)
            return alias.output
        }
    }
}
