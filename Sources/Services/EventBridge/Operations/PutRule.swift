import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Creates a rule or replaces all of it but its targets and tags.
///
/// Limits: 300 rules for each bus; schedules on the default bus only. Errors: ResourceNotFoundException,
/// InvalidEventPatternException, LimitExceededException, ValidationException. Source: API reference, PutRule.
enum PutRule: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let scheduleExpression: String?
        let eventPattern: String?
        let state: String?
        let description: String?
        let roleArn: String?
        let tags: [Tag]?
        let eventBusName: String?
    }

    struct Output: Encodable, Sendable { let ruleArn: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let key = BusKey(input.eventBusName, context)
        try check(input, key)
        let buses = context.service(EventBridge.self).buses
        return { transaction in
            _ = try EventBus.find(key, transaction.db)
            let old = try Rule.find(input.name, key, transaction.db)
            try old?.checkChangeable(force: nil)
            if old == nil { try checkCount(key, transaction) }
            let rule = Rule(
                account: key.account, region: key.region, bus: key.name, name: input.name,
                eventPattern: given(input.eventPattern), scheduleExpression: given(input.scheduleExpression),
                state: input.state ?? "ENABLED", description: input.description, roleArn: input.roleArn,
                managedBy: old?.managedBy, tags: old?.tags ?? input.tags ?? [],
                createdMs: old?.scheduleExpression == input.scheduleExpression
                    ? old?.createdMs ?? transaction.nowMs : transaction.nowMs)
            try rule.save(transaction)
            try RuleSchedule.arm(rule, transaction)
            transaction.afterCommit { buses.put(rule) }
            return Output(ruleArn: rule.arn.description)
        }
    }

    private static func given(_ text: String?) -> String? { text?.isEmpty == false ? text : nil }

    private static func check(_ input: Input, _ key: BusKey) throws(AWSError) {
        guard given(input.eventPattern) != nil || given(input.scheduleExpression) != nil else {
            throw EventsError.validation("Parameter(s) EventPattern or ScheduleExpression must be specified.")
        }
        if let text = given(input.scheduleExpression) {
            guard key.name == EventBus.defaultName else {
                throw EventsError.validation("ScheduleExpression is supported only on the default event bus.")
            }
            // One-time schedules are Scheduler's.
            guard !text.hasPrefix("at("), ScheduleExpression(text) != nil else {
                throw EventsError.validation("Parameter ScheduleExpression is not valid.")
            }
        }
        if let text = given(input.eventPattern) {
            do {
                _ = try EventPattern(text)
            } catch {
                throw EventsError.pattern(error, text)
            }
        }
    }

    private static func checkCount(_ key: BusKey, _ transaction: Transaction) throws {
        let row = try transaction.row(
            "SELECT count(*) AS n FROM events_rule WHERE account = ? AND region = ? AND bus = ?", key.account,
            key.region, key.name)
        guard (row?["n"] as Int? ?? 0) < Rule.limit else { throw EventsError.limit }
    }
}
