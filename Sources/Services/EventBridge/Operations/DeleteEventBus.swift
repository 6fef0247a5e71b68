import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Removes an event bus, which must have no rules; one that does not exist is removed already. Errors:
/// ValidationException. Source: API reference, DeleteEventBus.
enum DeleteEventBus: WriteOperation {
    struct Input: Decodable, Sendable { let name: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let key = BusKey(input.name, context)
        guard key.name != EventBus.defaultName else {
            throw EventsError.validation("Cannot delete event bus default.")
        }
        return { transaction in
            let rule = try transaction.row(
                "SELECT 1 FROM events_rule WHERE account = ? AND region = ? AND bus = ? LIMIT 1", key.account,
                key.region, key.name)
            guard rule == nil else { throw EventsError.validation("Event bus can't be deleted since it has rules.") }
            try EventBus(key).delete(transaction)
            return Nothing()
        }
    }
}
