import AWSWire
import BatonCore
import BatonStore

/// Takes labels from a group. Errors: ResourceNotFoundException. Source: API reference, UntagResource.
enum UntagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tagKeys: [String]
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            var group = try ScheduleGroup.require(arn: input.resourceArn, context, transaction.db)
            group.tags.removeAll { input.tagKeys.contains($0.key) }
            try group.save(transaction)
            return Nothing()
        }
    }
}
