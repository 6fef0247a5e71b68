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
            task: task, bus: bus, rule: entry.rule, target: target, delayMs: delayMs(task.attempts),
            logger: context.logger)
        do {
            let event = try JSON.parse(task.event)
            let input = TargetInput(
                target, event: event, text: task.event, rule: entry.rule, ingestedMs: task.ingestedMs)
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

    /// Doubled from one second to eight minutes, which is 185 attempts in about 24 hours; a tenth of it is jitter.
    ///
    /// Assumed: the curve; AWS says exponential back-off and jitter only.
    private func delayMs(_ attempts: Int) -> Int64 {
        let base = Double(min(1 << min(attempts, 9), 480)) * 1000
        return Int64(base * (0.9 + context.random.double() / 10))
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
        var exhausted: String?
        if error.isWorthRetrying {
            if task.attempts >= target.maxRetries {
                exhausted = "MaximumRetryAttempts"
            } else if nextMs > task.ingestedMs + target.maxAgeMs {
                exhausted = "MaximumEventAgeInSeconds"
            } else {
                var next = task
                next.attempts += 1
                return try next.schedule(atMs: nextMs, bus, transaction)
            }
        }
        logger.warning(
            "an event could not be delivered",
            metadata: ["rule": "\(rule.arn)", "target": "\(target.arn)", "error": "\(error)"])
        guard let queue = target.deadLetterQueue else { return }
        var attributes = [
            ("RULE_ARN", rule.arn.description), ("TARGET_ARN", target.arn), ("ERROR_CODE", Self.code(error)),
            ("ERROR_MESSAGE", error.message), ("RETRY_ATTEMPTS", String(task.attempts)),
        ]
        if let exhausted { attributes.append(("EXHAUSTED_RETRY_CONDITION", exhausted)) }
        try DeadLetter(queue: queue.description, body: task.event, attributes: attributes).schedule(bus, transaction)
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

/// An event that goes to a dead-letter queue.
struct DeadLetter {
    static let kind = "events.deadletter"

    let queue: String
    let body: String
    let attributes: [(String, String)]

    func schedule(_ bus: BusKey, _ transaction: Transaction) throws {
        let values = attributes.map { name, value in
            (name, ["DataType": "String", "StringValue": .string(value)] as JSON)
        }
        let payload: JSON = [
            "queue": .string(queue), "body": .string(body), "attributes": .object(JSON.Object(values)),
        ]
        try transaction.schedule(
            Self.kind, atMs: transaction.nowMs, account: bus.account, region: bus.region, payload: payload.text())
    }

    static func handle(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let letter = try JSON.parse(row.payload)
        guard let queue = ARN(letter["queue"]?.string ?? "") else { return .done }
        var input: JSON = [
            "QueueUrl": .string("\(context.host.endpoint)/\(queue.account)/\(queue.resource)"),
            "MessageBody": letter["body"] ?? "", "MessageAttributes": letter["attributes"] ?? [:],
        ]
        if queue.resource.hasSuffix(".fifo") {
            input["MessageGroupId"] = "events"
            input["MessageDeduplicationId"] = .string(String(row.id))
        }
        do {
            guard let write = try context.of(queue).enlisted("sqs", "SendMessage", input) else {
                _ = try await context.of(queue).call("sqs", "SendMessage", input)
                return .done
            }
            return .commit { _ = try? $0.nested { try write($0) } }
        } catch {
            context.logger.warning(
                "an event is lost: its dead-letter queue refused it", metadata: ["error": "\(error)"])
            return .done
        }
    }
}

extension AWSError {
    var isThrottling: Bool { status == 429 || code.contains("Throttl") || code.contains("TooManyRequests") }

    /// What the target refused stays refused; what Baton does not have will not appear by waiting.
    var isWorthRetrying: Bool { (fault == .receiver && status != 501) || isThrottling }
}

extension Context {
    /// A write of another service, or nil when it must be called instead.
    func enlisted(_ service: String, _ operation: String, _ input: JSON) throws(AWSError) -> Write<Enlisted>? {
        do {
            return try enlist(service, operation, input)
        } catch {
            guard error.code == "NotEnlistable" else { throw error }
            return nil
        }
    }
}
