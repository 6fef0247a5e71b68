import AWSWire
import BatonCore
import BatonStore
import JSON

/// The times of rules with a schedule: one due row for each of them, which is its next time.
///
/// A skipping clock does not jump to them, since they come again for ever: they fire as time passes for other reasons.
/// A rate counts from the creation of the rule. Times that passed while Baton did not run are made up for once.
enum RuleSchedule {
    static let kind = "events.schedule"

    /// Sets the timer anew for a rule as it is now.
    static func arm(_ rule: Rule, _ transaction: Transaction) throws {
        try disarm(rule, transaction)
        guard rule.isEnabled, let text = rule.scheduleExpression, let expression = ScheduleExpression(text) else {
            return
        }
        let from = max(transaction.nowMs, rule.createdMs)
        guard let next = expression.next(after: from, origin: rule.createdMs) else { return }
        try transaction.schedule(
            kind, atMs: next, account: rule.account, region: rule.region, key: rule.arn.description, payload: rule.name)
    }

    static func disarm(_ rule: Rule, _ transaction: Transaction) throws {
        try transaction.cancelDue(kind: kind, key: rule.arn.description)
    }

    /// Commits the deliveries of this time together with the timer of the next.
    static func handle(_ row: DueRow, _ buses: Buses, _ context: Context) -> DueOutcome {
        let bus = BusKey(account: row.account, region: row.region, name: EventBus.defaultName)
        guard let entry = buses.entry(row.payload, on: bus), entry.rule.isEnabled else { return .done }
        let event = Event(
            id: context.random.uuid(), source: "aws.events", detailType: "Scheduled Event", timeMs: row.atMs,
            resources: [entry.rule.arn.description], detail: [:], on: bus)
        let text = event.json.text()
        return .commit { transaction in
            try event.deliver(text, entry, transaction)
            try arm(entry.rule, transaction)
        }
    }
}
