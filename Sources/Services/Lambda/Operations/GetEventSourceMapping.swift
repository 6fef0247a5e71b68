import AWSWire
import BatonCore

/// One event source mapping.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetEventSourceMapping.
enum GetEventSourceMapping: Operation {
    struct Input: Decodable, Sendable { let uuid: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> MappingOutput {
        try context.read { db in
            guard let mapping = try Mapping.read(input.uuid, db) else { throw LambdaError.mappingNotFound() }
            return MappingOutput(mapping)
        }
    }
}
