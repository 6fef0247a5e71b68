import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Errors: ProvisionedConcurrencyConfigNotFoundException, ResourceNotFoundException.
/// Source: Lambda API reference, GetProvisionedConcurrencyConfig.
enum GetProvisionedConcurrencyConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> ProvisionedConcurrency.Output {
        let reference = try ProvisionedConcurrency.reference(input.functionName, input.qualifier, context)
        return try context.read { db in
            _ = try db.resolve(reference)
            guard
                let found = try Attachment<ProvisionedConcurrency>.find(ProvisionedConcurrency.kind, reference, db)
            else {
                throw AWSError(
                    "ProvisionedConcurrencyConfigNotFoundException",
                    "No Provisioned Concurrency Config found for this function", status: 404, fields: ["Type": "User"])
            }
            return ProvisionedConcurrency.output(found)
        }
    }
}
