import AWSWire
import BatonCore

/// The tags of a function or an event source mapping.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, ListTags.
enum ListTags: Operation {
    struct Input: Decodable, Sendable { let resource: String }
    struct Output: Encodable, Sendable { let tags: [String: String] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let tagged = try TaggedResource(input.resource, context)
        return Output(tags: try context.read { db in try tagged.read(db) })
    }
}
