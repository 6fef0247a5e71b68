import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Errors: ResourceNotFoundException. Source: Lambda API reference, DeleteProvisionedConcurrencyConfig.
enum DeleteProvisionedConcurrencyConfig: Operation {
    typealias Input = GetProvisionedConcurrencyConfig.Input

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let reference = try ProvisionedConcurrency.reference(input.functionName, input.qualifier, context)
        return try await context.write { transaction in
            try transaction.db.requireFunction(reference)
            _ = try Attachment<ProvisionedConcurrency>.remove(ProvisionedConcurrency.kind, reference, transaction)
            return Nothing()
        }
    }
}
