import AWSWire
import BatonCore
import BatonStore
import JSON

/// Takes targets from a rule. Ids that it does not have are answered as failed entries.
///
/// Errors: ResourceNotFoundException, ManagedRuleException. Source: API reference, RemoveTargets.
enum RemoveTargets: WriteOperation {
    struct Input: Decodable, Sendable {
        let rule: String
        let eventBusName: String?
        let ids: [String]
        let force: Bool?
    }

    struct FailedEntry: Encodable, Sendable {
        let targetId: String
        let errorCode: String
        let errorMessage: String
    }

    struct Output: Encodable, Sendable {
        let failedEntryCount: Int
        let failedEntries: [FailedEntry]
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let key = BusKey(input.eventBusName, context)
        let buses = context.service(EventBridge.self).buses
        return { transaction in
            let rule = try Rule.require(input.rule, key, transaction.db)
            try rule.checkChangeable(force: input.force)
            var failed: [FailedEntry] = []
            for id in input.ids {
                let removed = try transaction.execute(
                    """
                    DELETE FROM events_target
                    WHERE account = ? AND region = ? AND bus = ? AND rule = ? AND id = ?
                    """, key.account, key.region, key.name, rule.name, id)
                guard removed == 0 else { continue }
                failed.append(
                    FailedEntry(
                        targetId: id, errorCode: "ResourceNotFoundException",
                        errorMessage: "Rule \(rule.name) does not have target with id \(id)."))
            }
            let left = try Target.list(rule, transaction.db)
            transaction.afterCommit { buses.put(left, of: rule) }
            return Output(failedEntryCount: failed.count, failedEntries: failed)
        }
    }
}
