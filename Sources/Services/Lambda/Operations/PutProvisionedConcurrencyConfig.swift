import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Errors: ResourceNotFoundException, InvalidParameterValueException.
/// Source: Lambda API reference, PutProvisionedConcurrencyConfig.
enum PutProvisionedConcurrencyConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String
        let provisionedConcurrentExecutions: Int
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> ProvisionedConcurrency.Output {
        let reference = try ProvisionedConcurrency.reference(input.functionName, input.qualifier, context)
        return try await context.write { transaction in
            _ = try transaction.db.resolve(reference)
            let reserved: Int? = try transaction.db.functionRow(reference)?["reserved"]
            if let reserved, input.provisionedConcurrentExecutions > reserved {
                throw LambdaError.invalid(
                    "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for "
                        + "function")
            }
            return ProvisionedConcurrency.output(
                try Attachment.store(
                    ProvisionedConcurrency.kind, reference,
                    ProvisionedConcurrency(requested: input.provisionedConcurrentExecutions), transaction))
        }
    }
}
