import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage
import Synchronization

/// Workers that wait for a task of an activity, by activity.
final class ActivityWaiters: Sendable {
    private struct State {
        var waiting: [String: [(id: Int, wake: @Sendable () -> Void)]] = [:]
        var lastId = 0
    }
    private let state = Mutex(State())

    /// - Returns: what ends the wait.
    func add(_ activity: String, _ wake: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.lastId += 1
            state.waiting[activity, default: []].append((state.lastId, wake))
            return state.lastId
        }
    }

    func remove(_ activity: String, _ id: Int) {
        state.withLock { state in
            state.waiting[activity]?.removeAll { $0.id == id }
            if state.waiting[activity]?.isEmpty == true { state.waiting[activity] = nil }
        }
    }

    /// The one who has waited longest looks again.
    func wake(_ activity: String) {
        let first = state.withLock { $0.waiting[activity]?.first?.wake }
        first?()
    }

    func releaseAll() {
        let all = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values.flatMap { $0 }
        }
        for waiter in all { waiter.wake() }
    }
}

/// A task that a worker has been given.
struct TakenTask: Sendable {
    let token: String
    let input: String
}

extension Engine {
    /// How long GetActivityTask waits, milliseconds.
    private static let patienceMs: Int64 = 60_000

    /// The oldest task of an activity: waits for one for 60 seconds; nil when none came.
    func takeActivityTask(_ activityArn: String, worker: String?, _ context: Context) async throws -> TakenTask? {
        let deadline = context.nowMs + Self.patienceMs
        while true {
            if let task = try await take(activityArn, worker, context) { return task }
            guard context.nowMs < deadline, !Task.isCancelled else { return nil }
            let waiting = Task { await context.clock.wait(untilMs: deadline) }
            let id = activityWaiters.add(activityArn) { waiting.cancel() }
            // One may have come since.
            if try hasTask(activityArn, context) { waiting.cancel() }
            await withTaskCancellationHandler {
                await waiting.value
            } onCancel: {
                waiting.cancel()
            }
            activityWaiters.remove(activityArn, id)
            if isStopping { return nil }
        }
    }

    private func hasTask(_ activityArn: String, _ context: Context) throws -> Bool {
        try context.store.read { db in
            try db.row("SELECT id FROM sfn_activity_task WHERE activity_arn = ? LIMIT 1", activityArn) != nil
        }
    }

    /// Takes rows until one still has its thread waiting.
    private func take(_ activityArn: String, _ worker: String?, _ context: Context) async throws -> TakenTask? {
        while true {
            let row = try context.store.read { db in
                try db.row(
                    "SELECT * FROM sfn_activity_task WHERE activity_arn = ? ORDER BY id LIMIT 1", activityArn)
            }
            guard let row else { return nil }
            let id: Int64 = row["id"]
            // The row goes after the execution knows: what nobody was given must not be forgotten.
            let isTaken = try await send(
                row["execution"], .taken(thread: row["thread"], epoch: row["epoch"], worker: worker))
            let task = TakenTask(token: row["token"], input: row["input"])
            try await context.store.write { tx in
                _ = try tx.execute("DELETE FROM sfn_activity_task WHERE id = ?", id)
            }
            if isTaken { return task }
        }
    }
}

// MARK: - Task tokens

extension Engine {
    /// What SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat bring.
    enum Brought: Sendable {
        case success(JSON)
        case failure(error: String?, cause: String?)
        case heartbeat
    }

    /// - Returns: false when the token's attempt is over.
    /// - Throws: `InvalidToken`
    func bring(_ token: String, _ what: Brought) async throws -> Bool {
        guard let place = TaskToken(token) else { throw StepFunctionsError.invalidPageToken }
        guard try await isCurrent(place, token) else { return false }
        let event: ExecutionEvent =
            switch what {
            case .success(let output): .brought(thread: place.thread, epoch: place.epoch, .succeeded(output))
            case .failure(let error, let cause):
                .brought(thread: place.thread, epoch: place.epoch, .failed(StatesError(error ?? "", cause)))
            case .heartbeat: .heartbeat(thread: place.thread, epoch: place.epoch)
            }
        return try await send(place.execution, event)
    }

    /// Whether the thread's attempt has this token: nobody guesses one.
    private func isCurrent(_ place: TaskToken, _ token: String) async throws -> Bool {
        guard let host else { return false }
        let row = try host.store.read { db in
            try db.row(
                "SELECT state FROM sfn_thread WHERE execution = ? AND id = ?", place.execution, place.thread)
        }
        guard let row, let tree = try? JSON.parse(row["state"] as String) else { return false }
        return tree["w"]?["task"]?["token"]?.string == token
    }
}
