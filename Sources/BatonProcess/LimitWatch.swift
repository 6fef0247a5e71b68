@preconcurrency internal import Dispatch
internal import Synchronization

/// Looks at all families every quarter of a second and kills those beyond their bounds: the sum of private memory, and
/// the number of threads, which is what stops a fork bomb. It measures real processes and so follows real time.
final class LimitWatch: Sendable {
    static let shared = LimitWatch()

    private struct State {
        var children: [Int32: ChildProcess] = [:]
        var timer: (any DispatchSourceTimer)?
    }
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "baton.limits")
    private static let intervalMs = 250

    func add(_ child: ChildProcess) {
        state.withLock { state in
            state.children[child.pid] = child
            guard state.timer == nil else { return }
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(
                deadline: .now() + .milliseconds(Self.intervalMs), repeating: .milliseconds(Self.intervalMs),
                leeway: .milliseconds(50))
            timer.setEventHandler { [weak self] in self?.look() }
            timer.activate()
            state.timer = timer
        }
    }

    func remove(_ child: ChildProcess) {
        state.withLock { state in
            state.children[child.pid] = nil
            guard state.children.isEmpty else { return }
            state.timer?.cancel()
            state.timer = nil
        }
    }

    private func look() {
        let children = state.withLock { $0.children }
        var sums: [Int32: (bytes: Int, threads: Int)] = [:]
        for pid in ProcessTable.pids() {
            guard let entry = ProcessTable.entry(pid), !entry.isZombie, children[entry.session] != nil else { continue }
            sums[entry.session, default: (0, 0)].bytes += ProcessTable.privateBytes(pid)
            sums[entry.session, default: (0, 0)].threads += entry.threads
        }
        for (pid, sum) in sums {
            guard let child = children[pid] else { continue }
            child.note(memoryBytes: sum.bytes)
            if let limit = child.limits.memoryBytes, sum.bytes > limit {
                child.kill(because: .memoryExceeded)
            } else if sum.threads > child.limits.threads {
                child.kill(because: .threadsExceeded)
            }
        }
    }
}
