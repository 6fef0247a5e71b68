import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Removes a group with its schedules, at once. Errors: ResourceNotFoundException, ValidationException. Source: API
/// reference, DeleteScheduleGroup.
enum DeleteScheduleGroup: WriteOperation {
    struct Input: Decodable, Sendable { let name: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        guard input.name != ScheduleGroup.defaultName else { throw SchedulerError.defaultGroup }
        return { transaction in
            let group = try ScheduleGroup.require(input.name, context, transaction.db)
            let rows = try transaction.rows(
                "SELECT body FROM scheduler_schedule WHERE account = ? AND region = ? AND group_name = ?",
                group.account, group.region, group.name)
            for row in rows {
                try JSON.parse(row["body"] as String).decoded(as: Schedule.self).delete(transaction)
            }
            try transaction.execute(
                "DELETE FROM scheduler_group WHERE account = ? AND region = ? AND name = ?", group.account,
                group.region, group.name)
            return Nothing()
        }
    }
}
