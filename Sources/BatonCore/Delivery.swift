public import AWSWire
public import BatonStore
public import JSON
import Logging

/// How often and how long a delivery is tried: what EventBridge and Scheduler call a retry policy.
public struct TargetRetryPolicy: Sendable, Equatable {
    /// Why a delivery is not tried again, as dead letters name it.
    public enum Exhausted: String, Sendable {
        case attempts = "MaximumRetryAttempts"
        case age = "MaximumEventAgeInSeconds"
    }

    /// Retries after the first attempt: 0–185.
    public let maxRetries: Int
    /// 60 s to 24 h.
    public let maxAgeMs: Int64

    /// - Parameter settings: `{MaximumRetryAttempts, MaximumEventAgeInSeconds}`.
    public init(_ settings: JSON?) {
        maxRetries = settings?["MaximumRetryAttempts"]?.int ?? 185
        maxAgeMs = Int64(settings?["MaximumEventAgeInSeconds"]?.int ?? 86_400) * 1000
    }

    /// How long to wait after the failure with this number (from 0): doubled from one second to eight minutes, which is
    /// 185 attempts in about 24 hours; a tenth of it is jitter.
    ///
    /// Assumed: the curve; AWS says exponential back-off and jitter only.
    public static func delayMs(_ failure: Int, _ random: RandomSource) -> Int64 {
        let base = Double(min(1 << min(max(failure, 0), 9), 480)) * 1000
        return Int64(base * (0.9 + random.double() / 10))
    }

    /// nil when the delivery may be tried at `nextMs`.
    public func exhausted(attempts: Int, nextMs: Int64, sinceMs: Int64) -> Exhausted? {
        if attempts >= maxRetries { return .attempts }
        return nextMs > sinceMs + maxAgeMs ? .age : nil
    }
}

extension AWSError {
    public var isThrottling: Bool { status == 429 || code.contains("Throttl") || code.contains("TooManyRequests") }

    /// What a target refused stays refused; what Baton does not have will not appear by waiting.
    public var isWorthRetrying: Bool { (fault == .receiver && status != 501) || isThrottling }
}

extension Context {
    /// A write of another service, or nil when it must be called instead.
    public func enlisted(_ service: String, _ operation: String, _ input: JSON) throws(AWSError) -> Write<Enlisted>? {
        do {
            return try enlist(service, operation, input)
        } catch {
            guard error.code == "NotEnlistable" else { throw error }
            return nil
        }
    }
}

/// What could not be delivered, on its way to a queue.
public struct DeadLetter: Sendable {
    static let kind = "deadletter"

    public let queue: ARN
    public let body: String
    /// Message attributes, all of them strings.
    public let attributes: [(name: String, value: String)]

    public init(queue: ARN, body: String, attributes: [(name: String, value: String)]) {
        self.queue = queue
        self.body = body
        self.attributes = attributes
    }

    /// Commits the sending. A queue that refuses it loses it, which the log tells.
    public func bury(_ transaction: Transaction) throws {
        let values = attributes.map { ($0.name, ["DataType": "String", "StringValue": .string($0.value)] as JSON) }
        let payload: JSON = [
            "queue": .string(queue.description), "body": .string(body), "attributes": .object(JSON.Object(values)),
        ]
        try transaction.schedule(
            Self.kind, atMs: transaction.nowMs, account: queue.account, region: queue.region, payload: payload.text())
    }

    static func handle(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let letter = try JSON.parse(row.payload)
        guard let queue = ARN(letter["queue"]?.string ?? "") else { return .done }
        var input: JSON = [
            "QueueUrl": .string("\(context.host.endpoint)/\(queue.account)/\(queue.resource)"),
            "MessageBody": letter["body"] ?? "", "MessageAttributes": letter["attributes"] ?? [:],
        ]
        if queue.resource.hasSuffix(".fifo") {
            input["MessageGroupId"] = "deadletter"
            input["MessageDeduplicationId"] = .string(String(row.id))
        }
        do {
            guard let write = try context.enlisted("sqs", "SendMessage", input) else {
                _ = try await context.call("sqs", "SendMessage", input)
                return .done
            }
            return .commit { _ = try? $0.nested { try write($0) } }
        } catch {
            context.logger.warning("a dead letter is lost: its queue refused it", metadata: ["error": "\(error)"])
            return .done
        }
    }
}
