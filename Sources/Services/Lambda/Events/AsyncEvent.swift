import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// One asynchronous invocation, as it waits in a due row of kind `lambda.event` until it has succeeded or is given up.
struct AsyncEvent: Codable, Sendable {
    static let dueKind = "lambda.event"

    let account: String
    let name: String
    let qualifier: String?
    let requestId: String
    /// JSON text.
    let payload: String
    let enqueuedMs: Int64
    let clientContext: String?
    let traceId: String?
    /// How often the function has failed on it.
    var failures = 0
    /// How often it found no room since its last run.
    var throttles = 0

    func schedule(atMs: Int64, region: String, _ transaction: Transaction) throws {
        try transaction.schedule(
            Self.dueKind, atMs: atMs, account: account, region: region, key: name,
            payload: try JSON(encoding: self).text())
    }

    // MARK: The dispatcher's part

    /// Runs the event once and says what follows from it.
    static func handle(_ row: DueRow, _ lambda: Lambda, _ context: Context) async -> DueOutcome {
        guard let event = try? JSON.parse(row.payload).decoded(as: AsyncEvent.self) else {
            context.logger.error("an asynchronous invocation cannot be read", metadata: ["row": "\(row.id)"])
            return .done
        }
        let reference = FunctionReference(
            account: event.account, region: row.region, name: event.name, qualifier: event.qualifier)
        do {
            let policy = try context.read { db in try EventPolicy(db, reference) }
            if policy.isTooOld(event, nowMs: context.nowMs) {
                return await event.finish(.eventAgeExceeded, nil, reference, context)
            }
            do {
                let (result, version) = try await lambda.run(
                    reference, Array(event.payload.utf8), requestId: event.requestId,
                    clientContext: event.clientContext, traceId: event.traceId, context)
                return await event.follow(
                    result.functionError == nil ? .succeeded : .failed, Response(result, version.version), policy,
                    reference, context)
            } catch  where error.code == "ResourceNotFoundException" {
                return .done
            } catch {
                return await event.follow(
                    policy.reserved == 0 ? .impossible : .throttled, nil, policy, reference, context)
            }
        } catch {
            context.logger.warning(
                "an asynchronous invocation waits", metadata: ["function": "\(event.name)", "error": "\(error)"])
            return .retry(atMs: context.nowMs + 1000)
        }
    }

    /// What the function answered.
    struct Response: Sendable {
        let payload: JSON
        let version: String
        let functionError: String?

        init(_ result: InvocationResult, _ version: String) {
            payload = (try? JSON.parse(result.payload)) ?? .null
            functionError = result.functionError
            self.version = version
        }
    }

    private func follow(
        _ outcome: EventLifecycle.Outcome, _ response: Response?, _ policy: EventPolicy,
        _ reference: FunctionReference, _ context: Context
    ) async -> DueOutcome {
        var lifecycle = EventLifecycle(failures: failures, throttles: throttles, enqueuedMs: enqueuedMs)
        let decision = lifecycle.decide(outcome, policy.bounds, nowMs: context.nowMs)
        var next = self
        (next.failures, next.throttles) = (lifecycle.failures, lifecycle.throttles)
        switch decision {
        case .retry(let atMs):
            return .commit { [next] in try next.schedule(atMs: atMs, region: reference.region, $0) }
        case .finish(let condition): return await next.finish(condition, response, reference, context)
        }
    }

    /// Hands the event to its destinations, in the same transaction in which it leaves the queue.
    private func finish(
        _ condition: EventLifecycle.Condition, _ response: Response?, _ reference: FunctionReference,
        _ context: Context
    ) async -> DueOutcome {
        let targets: [DestinationTarget]
        do {
            targets = try context.read { db in
                try DestinationTarget.targets(condition, reference, db)
            }
        } catch {
            return .retry(atMs: context.nowMs + 1000)
        }
        var writes: [Write<Void>] = []
        for target in targets {
            let message = DestinationMessage(
                event: self, reference: reference, condition: condition, response: response, nowMs: context.nowMs)
            if let write = await target.prepare(message, context) { writes.append(write) }
        }
        guard !writes.isEmpty else { return .done }
        return .commit { [writes, logger = context.logger] transaction in
            for write in writes {
                do {
                    try transaction.nested(write)
                } catch let error as AWSError {
                    // A destination that does not take the record loses it, as on AWS; the function must not run again.
                    logger.warning("a destination refused its record", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
