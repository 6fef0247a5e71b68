import AWSWire
import BatonCore

/// The older form of ListTagsForResource, by name.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, ListTagsLogGroup.
enum ListTagsLogGroup: Operation {
    struct Input: Decodable, Sendable { let logGroupName: String }
    struct Output: Encodable, Sendable { let tags: [String: String] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = GroupReference(input.logGroupName, context)
        return Output(tags: try context.read { db in try db.logGroup(reference).tags })
    }
}
