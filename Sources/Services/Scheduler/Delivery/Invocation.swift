import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// One call of a target: a due row, repeated until it succeeds or may not be repeated any more. It bears the target as
/// it was at its time, since the schedule may be gone or changed meanwhile.
struct Invocation: Codable, Sendable {
    static let kind = "scheduler.invocation"

    /// The ARN.
    let schedule: String
    let target: JSON
    /// The scheduled time.
    let timeMs: Int64
    let executionId: String
    let startedMs: Int64
    /// How often it failed before.
    var attempts = 0

    func schedule(atMs: Int64, _ context: Context, _ transaction: Transaction) throws {
        try transaction.schedule(
            Self.kind, atMs: atMs, account: context.account, region: context.region,
            payload: try JSON(encoding: self).text())
    }

    static func handle(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let invocation: Invocation = try JSON.parse(row.payload).decoded()
        let delayMs = TargetRetryPolicy.delayMs(invocation.attempts, context.random)
        let input = invocation.input(context)
        do {
            let call = try TargetCall(invocation.target, input: input, id: invocation.executionId, context)
            guard let write = try await call.perform(context) else { return .done }
            return .commit { transaction in
                do {
                    try transaction.nested { try write($0) }
                } catch let error as AWSError {
                    try invocation.settle(error, input, delayMs, context, transaction)
                }
            }
        } catch {
            return .commit { try invocation.settle(error, input, delayMs, context, $0) }
        }
    }

    /// The input with its keywords replaced; without one, a notification of the schedule.
    ///
    /// Assumed: the form of that notification.
    func input(_ context: Context) -> String {
        let time = Timestamp.iso8601(timeMs)
        guard let template = target["Input"]?.string else {
            let notification: JSON = [
                "version": "0", "id": .string(executionId), "detail-type": "Scheduled Event",
                "source": "aws.scheduler", "account": .string(context.account), "time": .string(time),
                "region": .string(context.region), "resources": [.string(schedule)], "detail": "{}",
            ]
            return notification.text()
        }
        let keywords = [
            "<aws.scheduler.schedule-arn>": schedule, "<aws.scheduler.scheduled-time>": time,
            "<aws.scheduler.execution-id>": executionId, "<aws.scheduler.attempt-number>": String(attempts + 1),
        ]
        return keywords.reduce(template) { $0.replacing($1.key, with: $1.value) }
    }

    /// Commits the next attempt, or gives the input to the dead-letter queue.
    func settle(
        _ error: AWSError, _ input: String, _ delayMs: Int64, _ context: Context, _ transaction: Transaction
    ) throws {
        let nextMs = transaction.nowMs + delayMs
        var exhausted: TargetRetryPolicy.Exhausted?
        if error.isWorthRetrying {
            exhausted = TargetRetryPolicy(target["RetryPolicy"]).exhausted(
                attempts: attempts, nextMs: nextMs, sinceMs: startedMs)
            guard exhausted != nil else {
                var next = self
                next.attempts += 1
                return try next.schedule(atMs: nextMs, context, transaction)
            }
        }
        context.logger.warning(
            "a schedule's target could not be called", metadata: ["schedule": "\(schedule)", "error": "\(error)"])
        guard let queue = target["DeadLetterConfig"]?["Arn"]?.string.flatMap({ ARN($0) }) else { return }
        var attributes = [
            (name: "ERROR_CODE", value: error.code), ("ERROR_MESSAGE", error.message), ("EXECUTION_ID", executionId),
            ("IS_PAYLOAD_TRUNCATED", "false"), ("RETRY_ATTEMPTS", String(attempts)),
            ("SCHEDULED_TIME", Timestamp.iso8601(timeMs)), ("SCHEDULE_ARN", schedule),
            ("TARGET_ARN", target["Arn"]?.string ?? ""),
        ]
        if let exhausted { attributes.append(("EXHAUSTED_RETRY_CONDITION", exhausted.rawValue)) }
        try DeadLetter(queue: queue, body: input, attributes: attributes).bury(transaction)
    }
}
