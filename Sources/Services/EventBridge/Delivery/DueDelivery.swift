import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// The delivery of one event to one target: a due row, repeated until it succeeds, may not be repeated any more, or the
/// target is gone.
struct DueDelivery {
    static let kind = "events.delivery"

    /// What the row holds; its account and region are those of the bus.
    struct Task: Codable, Sendable {
        let bus: String
        let rule: String
        let target: String
        /// The event as JSON text.
        let event: String
        let ingestedMs: Int64
        let hops: Int
        /// How often it failed before.
        var attempts = 0
        /// The time of this attempt was given out by ``Pace``.
        var isPaced: Bool?

        func schedule(atMs: Int64, _ key: BusKey, _ transaction: Transaction) throws {
            try transaction.schedule(
                DueDelivery.kind, atMs: atMs, account: key.account, region: key.region,
                payload: try JSON(encoding: self).text())
        }
    }

    let buses: Buses
    let context: Context

    func handle(_ row: DueRow) async throws -> DueOutcome {
        let task: Task = try JSON.parse(row.payload).decoded()
        let bus = BusKey(account: row.account, region: row.region, name: task.bus)
        guard let entry = buses.entry(task.rule, on: bus),
            let target = entry.targets.first(where: { $0.id == task.target })
        else { return .done }
        let failure = Failure(
            task: task, bus: bus, rule: entry.rule, target: target,
            delayMs: TargetRetryPolicy.delayMs(task.attempts, context.random),
            logger: context.logger)
        do {
            let event = try JSON.parse(task.event)
            let input = TargetInput(
                target, event: event, text: task.event, rule: entry.rule, ingestedMs: task.ingestedMs)
            if let slotMs = try slotMs(of: target, task) {
                var next = task
                next.isPaced = true
                return .commit { [next] transaction in try next.schedule(atMs: slotMs, bus, transaction) }
            }
            let call = try TargetCall(target, input, Event(event, on: bus, hops: task.hops + 1), buses, context)
            guard let write = try await call.perform(context) else { return .done }
            return .commit { transaction in
                do {
                    try transaction.nested { try write($0) }
                } catch let error as AWSError {
                    try failure.settle(error, transaction)
                }
            }
        } catch let error as AWSError {
            return .commit { try failure.settle(error, $0) }
        }
    }

    /// When an API destination may be called that has been called too often; nil: at once.
    private func slotMs(of target: Target, _ task: Task) throws(AWSError) -> Int64? {
        guard task.isPaced != true, let arn = ARN(target.arn), let name = APIDestination.name(of: arn) else {
            return nil
        }
        let there = context.of(arn)
        guard let destination = try there.read({ try APIDestination.find(name, there, $0) }) else { return nil }
        let slotMs = context.service(EventBridge.self).pace.slot(
            destination.arn, perSecond: destination.invocationRateLimitPerSecond, nowMs: context.nowMs)
        return slotMs > context.nowMs ? slotMs : nil
    }
}

/// What becomes of a delivery that failed.
struct Failure: Sendable {
    let task: DueDelivery.Task
    let bus: BusKey
    let rule: Rule
    let target: Target
    let delayMs: Int64
    let logger: Logger

    /// Schedules the next attempt, or gives the event to the dead-letter queue.
    func settle(_ error: AWSError, _ transaction: Transaction) throws {
        let nextMs = transaction.nowMs + delayMs
        var exhausted: TargetRetryPolicy.Exhausted?
        if error.isWorthRetrying {
            exhausted = target.policy.exhausted(attempts: task.attempts, nextMs: nextMs, sinceMs: task.ingestedMs)
            guard exhausted != nil else {
                var next = task
                next.attempts += 1
                next.isPaced = nil
                return try next.schedule(atMs: nextMs, bus, transaction)
            }
        }
        logger.warning(
            "an event could not be delivered",
            metadata: ["rule": "\(rule.arn)", "target": "\(target.arn)", "error": "\(error)"])
        guard let queue = target.deadLetterQueue else { return }
        var attributes = [
            (name: "RULE_ARN", value: rule.arn.description), ("TARGET_ARN", target.arn),
            ("ERROR_CODE", Self.code(error)), ("ERROR_MESSAGE", error.message),
            ("RETRY_ATTEMPTS", String(task.attempts)),
        ]
        if let exhausted { attributes.append(("EXHAUSTED_RETRY_CONDITION", exhausted.rawValue)) }
        try DeadLetter(queue: queue, body: task.event, attributes: attributes).bury(transaction)
    }

    /// The names that EventBridge has for errors of targets.
    private static func code(_ error: AWSError) -> String {
        let code = error.code
        if code.contains("AccessDenied") || error.status == 403 { return "NO_PERMISSIONS" }
        if code.contains("NotFound") || code.contains("DoesNotExist") || code.contains("NonExistent")
            || error.status == 404
        {
            return "NO_RESOURCE"
        }
        if error.isThrottling { return "THROTTLING" }
        if code == "Timeout" { return "TIMEOUT" }
        if code == "ConnectionFailure" { return "CONNECTION_FAILURE" }
        if code.contains("AlreadyExists") { return "RESOURCE_ALREADY_EXISTS" }
        if code.contains("LimitExceeded") { return "RESOURCE_LIMIT_EXCEEDED" }
        if code.contains("Validation") || code.contains("Invalid") { return "INVALID_PARAMETER" }
        return error.status >= 500 || code == "ErrorFromTarget" ? "ERROR_FROM_TARGET" : "SDK_CLIENT_ERROR"
    }
}
