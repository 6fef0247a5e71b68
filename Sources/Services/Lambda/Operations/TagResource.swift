import AWSWire
import BatonCore
import BatonStore

/// Adds tags to a function or an event source mapping, at most 50 in all.
/// Errors: ResourceNotFoundException, InvalidParameterValueException. Source: Lambda API reference, TagResource.
enum TagResource: Operation {
    struct Input: Decodable, Sendable {
        let resource: String
        let tags: [String: String]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let tagged = try TaggedResource(input.resource, context)
        try await context.write { transaction in
            let tags = try tagged.read(transaction.db).merging(input.tags) { _, new in new }
            guard tags.count <= 50 else { throw LambdaError.invalid("Number of tags exceeds resource tag limit") }
            try tagged.store(tags, transaction)
        }
        return Nothing()
    }
}
