import AWSWire
import BatonCore
import BatonStore

/// All tags of a table on one page (there are at most 50).
/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, ListTagsOfResource.
enum ListTagsOfResource: ReadOperation {
    struct Input: Decodable, Sendable { let resourceArn: String }
    struct Output: Encodable { let tags: [Tag] }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let name = try TaggedTable.name(input.resourceArn, context)
        return try context.read { db in
            let table = try TaggedTable.find(db, context.account, context.region, name, input.resourceArn)
            return Output(tags: try Tag.all(db, table))
        }
    }
}
