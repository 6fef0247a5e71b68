import AWSWire
import BatonCore
import BatonStore

/// Removes a schedule. Calls of its target that are under way go on. Errors: ResourceNotFoundException. Source: API
/// reference, DeleteSchedule.
enum DeleteSchedule: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let groupName: String?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            try Schedule.require(input.name, input.groupName, context, transaction.db).delete(transaction)
            return Nothing()
        }
    }
}
