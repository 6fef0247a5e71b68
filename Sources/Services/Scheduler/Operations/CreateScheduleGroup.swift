import AWSWire
import BatonCore
import BatonStore
import JSON

/// Creates a group. A repeated request with the same token is answered as the first. Errors: ConflictException. Source:
/// API reference, CreateScheduleGroup.
enum CreateScheduleGroup: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let tags: [Tag]?
        let clientToken: String?
    }

    struct Output: Encodable, Sendable { let scheduleGroupArn: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let group = ScheduleGroup(
            account: context.account, region: context.region, name: input.name,
            tags: try Tag.merged([], input.tags ?? []), createdMs: context.nowMs, modifiedMs: context.nowMs,
            clientToken: input.clientToken)
        return { transaction in
            if let existing = try ScheduleGroup.find(group.name, context, transaction.db) {
                guard let token = group.clientToken, existing.clientToken == token else {
                    throw SchedulerError.groupExists(group.name)
                }
            } else {
                try group.save(transaction)
            }
            return Output(scheduleGroupArn: group.arn)
        }
    }
}
