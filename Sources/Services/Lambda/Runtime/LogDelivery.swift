import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging
import Synchronization

/// Brings the log of one environment to its stream in CloudWatch Logs, beside the invocations: while one batch is on its
/// way the next one grows.
final class LogDelivery: Sendable {
    let group: String
    let stream: String
    private let log: FunctionLog
    private let context: Context
    private let state = Mutex(State())

    private struct State {
        var isSending = false
        var isAgain = false
        var idle: [CheckedContinuation<Void, Never>] = []
        var sentMs = Int64.min / 2
        var timer: (any ClockTimer)?
    }

    /// Batches follow each other at this distance at least: a busy function costs four commits a second, an idle one
    /// shows its log at once.
    private static let distanceMs: Int64 = 250

    init(group: String, stream: String, log: FunctionLog, context: Context) {
        self.group = group
        self.stream = stream
        self.log = log
        self.context = context
    }

    /// Sends what has been collected, soon. Returns at once.
    func kick() {
        let now = context.nowMs
        let (isDue, atMs) = state.withLock { state -> (Bool, Int64?) in
            guard state.timer == nil else { return (false, nil) }
            let atMs = state.sentMs + Self.distanceMs
            return atMs <= now ? (true, nil) : (false, atMs)
        }
        if isDue { return send() }
        guard let atMs else { return }
        let timer = context.clock.schedule(atMs: atMs, pullsTime: false) { [weak self] in self?.send() }
        state.withLock { $0.timer = timer }
    }

    private func send() {
        let now = context.nowMs
        let starts = state.withLock { state in
            state.timer?.cancel()
            state.timer = nil
            state.sentMs = now
            state.isAgain = true
            defer { state.isSending = true }
            return !state.isSending
        }
        guard starts else { return }
        context.clock.beginActivity()
        Task {
            while state.withLock({ state in
                defer { state.isAgain = false }
                if !state.isAgain { state.isSending = false }
                return state.isAgain
            }) {
                var batch = log.take()
                while !batch.isEmpty {
                    await send(batch)
                    batch = log.take()
                }
            }
            let idle = state.withLock { state in
                defer { state.idle = [] }
                return state.idle
            }
            for continuation in idle { continuation.resume() }
            context.clock.endActivity()
        }
    }

    /// Returns when all that was collected before has been sent.
    func finish() async {
        send()
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.isSending { state.idle.append(continuation) }
                return !state.isSending
            }
            if isIdle { continuation.resume() }
        }
    }

    private func send(_ events: [FunctionLog.Event]) async {
        // Lines keep their order when the clock steps back.
        let sorted = events.sorted { $0.atMs < $1.atMs }
        let input: JSON = [
            "logGroupName": .string(group), "logStreamName": .string(stream),
            "logEvents": .array(
                sorted.map { ["timestamp": .number(Int($0.atMs)), "message": .string($0.message)] }),
        ]
        do {
            _ = try await context.call("logs", "PutLogEvents", input)
        } catch  where error.code == "ResourceNotFoundException" {
            await create()
            do {
                _ = try await context.call("logs", "PutLogEvents", input)
            } catch {
                note(error)
            }
        } catch {
            note(error)
        }
    }

    private func note(_ error: any Error) {
        context.logger.warning(
            "function logs cannot be stored", metadata: ["group": "\(group)", "error": "\(error)"])
    }

    private func create() async {
        _ = try? await context.call("logs", "CreateLogGroup", ["logGroupName": .string(group)])
        _ = try? await context.call(
            "logs", "CreateLogStream", ["logGroupName": .string(group), "logStreamName": .string(stream)])
    }
}
