import BatonCore
import BatonStore
import Synchronization

/// Takes jobs from the queues as long as there is room for them, and starts them. It holds nothing that is not in rows:
/// a restart fills it again.
final class Dispatcher: Sendable {
    private struct State {
        var schedule: Schedule
        var isPumping = false
        var isAgain = false
        var isStopped = true
    }
    private let state: Mutex<State>
    private let batch = Mutex<WeakBatch>(WeakBatch())

    private struct WeakBatch: Sendable { weak var value: Batch? }

    init(machine: Needs) { state = Mutex(State(schedule: Schedule(machine: machine))) }

    /// From here on jobs start.
    func start(_ batch: Batch) {
        self.batch.withLock { $0 = WeakBatch(value: batch) }
        state.withLock { $0.isStopped = false }
        wake()
    }

    func stop() { state.withLock { $0.isStopped = true } }

    // MARK: Changes

    func change(releasing: [Int64], adding: [Schedule.Entry], removing: [Int64], nowMs: Int64) {
        state.withLock { state in
            for seq in releasing { state.schedule.release(seq, nowMs: nowMs) }
            for seq in removing { state.schedule.remove(seq) }
            for entry in adding { state.schedule.add(entry) }
        }
        if !adding.isEmpty || !releasing.isEmpty { wake() }
    }

    /// Queues, environments or resources have changed.
    func configure(_ change: (inout Schedule) -> Void) {
        state.withLock { change(&$0.schedule) }
        wake()
    }

    func look<T>(_ body: (Schedule) -> T) -> T { state.withLock { body($0.schedule) } }

    // MARK: The pump

    private func wake() {
        let starts = state.withLock { state in
            guard !state.isStopped else { return false }
            state.isAgain = true
            defer { state.isPumping = true }
            return !state.isPumping
        }
        guard starts, let batch = batch.withLock({ $0.value }), let host = batch.host else { return }
        host.clock.beginActivity()
        Task { [weak self] in
            while let picks = self?.take(host.clock.nowMs) {
                if !picks.isEmpty { await batch.runs.begin(picks) }
            }
            host.clock.endActivity()
        }
    }

    /// nil when there is nothing more to do now.
    private func take(_ nowMs: Int64) -> [Schedule.Pick]? {
        state.withLock { state in
            guard state.isAgain, !state.isStopped else {
                state.isPumping = false
                return nil
            }
            var picks: [Schedule.Pick] = []
            while picks.count < Limits.picks, let pick = state.schedule.next(nowMs: nowMs) { picks.append(pick) }
            if picks.count < Limits.picks { state.isAgain = false }
            return picks
        }
    }
}
