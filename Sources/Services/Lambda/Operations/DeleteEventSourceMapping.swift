import AWSWire
import BatonCore
import BatonStore

/// Deletes a mapping. The answer shows `Deleting`; afterwards it is gone.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, DeleteEventSourceMapping.
enum DeleteEventSourceMapping: Operation {
    struct Input: Decodable, Sendable { let uuid: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> MappingOutput {
        let lambda = context.service(Lambda.self)
        return try await context.write { transaction in
            guard let mapping = try Mapping.read(input.uuid, transaction.db) else {
                throw LambdaError.mappingNotFound()
            }
            try transaction.execute("DELETE FROM lambda_mapping WHERE uuid = ?", mapping.uuid)
            try transaction.execute("DELETE FROM lambda_stream_position WHERE mapping = ?", mapping.uuid)
            transaction.afterCommit { lambda.pollers.end(uuid: mapping.uuid) }
            return MappingOutput(mapping, state: "Deleting")
        }
    }
}
