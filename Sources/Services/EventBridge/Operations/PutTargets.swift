import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds targets to a rule, or replaces those with the same id.
///
/// A target of a service that Baton does not have is answered as a failed entry. Limit: 5 targets for each rule.
/// Errors: ResourceNotFoundException, LimitExceededException, ManagedRuleException, ValidationException. Source: API
/// reference, PutTargets.
enum PutTargets: WriteOperation {
    struct Input: Decodable, Sendable {
        let rule: String
        let eventBusName: String?
        let targets: [JSON]
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
        var (targets, failed) = ([Target](), [FailedEntry]())
        for settings in input.targets {
            let target = Target(settings)
            try target.check(context)
            if let obstacle = target.obstacle(context) {
                failed.append(FailedEntry(targetId: target.id, errorCode: "UnknownService", errorMessage: obstacle))
            } else {
                targets.append(target)
            }
        }
        let buses = context.service(EventBridge.self).buses
        return { [targets, failed] transaction in
            let rule = try Rule.require(input.rule, key, transaction.db)
            try rule.checkChangeable(force: nil)
            for target in targets { try target.save(rule, transaction) }
            let all = try Target.list(rule, transaction.db)
            guard all.count <= Target.limit else { throw EventsError.limit }
            transaction.afterCommit { buses.put(all, of: rule) }
            return Output(failedEntryCount: failed.count, failedEntries: failed)
        }
    }
}
