import AWSWire
import BatonCore
import BatonStore

/// Removes tags from a function or an event source mapping.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, UntagResource.
enum UntagResource: Operation {
    struct Input: Decodable, Sendable {
        let resource: String
        let tagKeys: [String]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let tagged = try TaggedResource(input.resource, context)
        try await context.write { transaction in
            let tags = try tagged.read(transaction.db).filter { !input.tagKeys.contains($0.key) }
            try tagged.store(tags, transaction)
        }
        return Nothing()
    }
}
