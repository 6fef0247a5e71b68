import AWSWire
import BatonCore
import BatonStore

/// Sets labels on a group. Limit: 200. Errors: ResourceNotFoundException. Source: API reference, TagResource.
enum TagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tags: [Tag]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            var group = try ScheduleGroup.require(arn: input.resourceArn, context, transaction.db)
            group.tags = try Tag.merged(group.tags, input.tags)
            try group.save(transaction)
            return Nothing()
        }
    }
}
