import AWSWire
import BatonCore
import BatonStore

/// Removes a rule, which must have no targets; one that does not exist is removed already.
///
/// Errors: ResourceNotFoundException, ManagedRuleException, ValidationException. Source: API reference, DeleteRule.
enum DeleteRule: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let eventBusName: String?
        let force: Bool?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let key = BusKey(input.eventBusName, context)
        let buses = context.service(EventBridge.self).buses
        return { transaction in
            _ = try EventBus.find(key, transaction.db)
            guard let rule = try Rule.find(input.name, key, transaction.db) else { return Nothing() }
            try rule.checkChangeable(force: input.force)
            guard try Target.list(rule, transaction.db).isEmpty else {
                throw EventsError.validation("Rule can't be deleted since it has targets.")
            }
            try transaction.execute(
                "DELETE FROM events_rule WHERE account = ? AND region = ? AND bus = ? AND name = ?", key.account,
                key.region, key.name, rule.name)
            try RuleSchedule.disarm(rule, transaction)
            transaction.afterCommit { buses.remove(rule: rule.name, on: key) }
            return Nothing()
        }
    }
}
