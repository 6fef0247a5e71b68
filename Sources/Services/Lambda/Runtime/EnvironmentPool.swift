import AWSWire
import BatonCore
import BatonStore
import Synchronization

/// All execution environments: who is free, who may start, who has to wait.
///
/// One environment serves one event at a time. A free one of the same version is taken again, the last used first; else
/// a new one starts; when the machine holds enough of them, the one that was idle longest makes room, or the invocation
/// waits for its turn.
final class EnvironmentPool: Sendable {
    struct Key: Hashable, Sendable {
        let reference: FunctionReference
        let version: String
        let revision: String

        init(_ version: FunctionVersion) {
            reference = version.reference
            self.version = version.version
            revision = version.revision
        }
    }

    private struct State {
        var idle: [Key: [ExecutionEnvironment]] = [:]
        var all: [ObjectIdentifier: ExecutionEnvironment] = [:]
        /// Invocations under way by function, for reserved concurrency.
        var running: [FunctionReference: Int] = [:]
        var turns: [CheckedContinuation<Void, Never>] = []
        var sweep: (any ClockTimer)?
        var isStopped = false
    }
    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int = Limits.environments) { self.limit = limit }

    // MARK: Invoking

    /// Errors: TooManyRequestsException beyond the reserved concurrency.
    func run(
        _ version: FunctionVersion, reserved: Int?, _ invocation: Invocation, _ launch: Launch, _ host: Host
    ) async throws(AWSError) -> InvocationResult {
        try enter(version.reference, reserved)
        defer { leave(version.reference) }
        // An event that an ending environment hands back goes to another one; a fresh one always takes it.
        for _ in 0..<8 {
            guard let environment = await take(version, launch, host) else { break }
            let outcome = await environment.run(invocation)
            release(environment, host)
            if case .answered(let result) = outcome { return result }
        }
        throw LambdaError.service("The function's environments end before they take the event.")
    }

    private func enter(_ function: FunctionReference, _ reserved: Int?) throws(AWSError) {
        let mayRun = state.withLock { state in
            let running = state.running[function, default: 0]
            guard running < reserved ?? Limits.accountConcurrency else { return false }
            state.running[function] = running + 1
            return true
        }
        guard mayRun else {
            throw LambdaError.throttled(
                reserved == nil
                    ? "ConcurrentInvocationLimitExceeded" : "ReservedFunctionConcurrentInvocationLimitExceeded")
        }
    }

    private func leave(_ function: FunctionReference) {
        state.withLock { state in
            let running = state.running[function, default: 1] - 1
            state.running[function] = running == 0 ? nil : running
        }
    }

    /// nil when the pool has stopped.
    private func take(_ version: FunctionVersion, _ launch: Launch, _ host: Host) async -> ExecutionEnvironment? {
        let key = Key(version)
        while true {
            enum Choice {
                case use(ExecutionEnvironment)
                case start(ExecutionEnvironment)
                case makeRoom(ExecutionEnvironment)
                case wait, stop
            }
            let choice = state.withLock { state -> Choice in
                if state.isStopped { return .stop }
                while let free = state.idle[key]?.popLast() { if !free.hasEnded { return .use(free) } }
                if state.all.count < limit {
                    let fresh = ExecutionEnvironment(version, host: host) { [weak self] in self?.ended($0) }
                    state.all[ObjectIdentifier(fresh)] = fresh
                    return .start(fresh)
                }
                let idlest = state.idle.values.joined().min { $0.idleSinceMs < $1.idleSinceMs }
                guard let idlest else { return .wait }
                state.idle[Key(idlest.version)]?.removeAll { $0 === idlest }
                return .makeRoom(idlest)
            }
            switch choice {
            case .use(let environment): return environment
            case .start(let environment):
                environment.start(launch)
                return environment
            case .makeRoom(let environment):
                environment.retire()
                await turn()
            case .wait: await turn()
            case .stop: return nil
            }
        }
    }

    /// Waits until an environment has become free or has ended.
    private func turn() async {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                let isFree = state.isStopped || state.all.count < limit || state.idle.values.contains { !$0.isEmpty }
                if !isFree { state.turns.append(continuation) }
                return isFree
            }
            if goesOn { continuation.resume() }
        }
    }

    private func release(_ environment: ExecutionEnvironment, _ host: Host) {
        environment.idleSinceMs = host.clock.nowMs
        let retires = state.withLock { state in
            guard !environment.hasEnded else { return false }
            guard !environment.isOutdated, !state.isStopped else { return true }
            state.idle[Key(environment.version), default: []].append(environment)
            if state.sweep == nil { state.sweep = sweepTimer(host, atMs: environment.idleSinceMs + Limits.idleMs) }
            return false
        }
        if retires { environment.retire() }
        nextTurn()
    }

    private func nextTurn() {
        state.withLock { state in state.turns.isEmpty ? nil : state.turns.removeFirst() }?.resume()
    }

    private func ended(_ environment: ExecutionEnvironment) {
        state.withLock { state in
            state.all[ObjectIdentifier(environment)] = nil
            let key = Key(environment.version)
            state.idle[key]?.removeAll { $0 === environment }
            if state.idle[key]?.isEmpty == true { state.idle[key] = nil }
        }
        nextTurn()
    }

    // MARK: Ending environments

    private func sweepTimer(_ host: Host, atMs: Int64) -> any ClockTimer {
        host.clock.schedule(atMs: atMs, pullsTime: false) { [weak self] in self?.sweep(host) }
    }

    /// Ends what has been idle for too long.
    private func sweep(_ host: Host) {
        let now = host.clock.nowMs
        let (old, nextMs) = state.withLock { state -> ([ExecutionEnvironment], Int64?) in
            let idle = Array(state.idle.values.joined())
            let old = idle.filter { $0.idleSinceMs + Limits.idleMs <= now }
            for key in state.idle.keys { state.idle[key]?.removeAll { one in old.contains { $0 === one } } }
            state.sweep = nil
            let next = state.idle.values.joined().map { $0.idleSinceMs + Limits.idleMs }.min()
            return (old, next)
        }
        for environment in old { environment.retire() }
        guard let nextMs else { return }
        let timer = sweepTimer(host, atMs: nextMs)
        state.withLock { $0.sweep = timer }
    }

    /// The function has changed or gone: what is idle ends now, what works ends afterwards.
    /// - Parameter keeps: the versions that stay as they are.
    func retire(_ function: FunctionReference, keeps: (FunctionVersion) -> Bool = { _ in false }) {
        let idle = state.withLock { state in
            let concerned = state.all.values.filter { $0.version.reference == function && !keeps($0.version) }
            for environment in concerned { environment.isOutdated = true }
            let idle = concerned.filter { one in state.idle[Key(one.version)]?.contains { $0 === one } == true }
            for environment in idle { state.idle[Key(environment.version)]?.removeAll { $0 === environment } }
            return idle
        }
        for environment in idle { environment.retire() }
    }

    /// Returns when what functions have logged until now is stored.
    func deliverLogs() async {
        for environment in state.withLock({ Array($0.all.values) }) { await environment.delivery.finish() }
    }

    /// Ends all environments; returns when their processes have gone. Those at work may answer first, for at most
    /// ``Limits/stopMs``.
    func stop(_ clock: any Clock) async {
        let (all, turns) = state.withLock { state in
            state.isStopped = true
            state.sweep?.cancel()
            for environment in state.idle.values.joined() { environment.retire() }
            defer { state.turns = [] }
            return (Array(state.all.values), state.turns)
        }
        for turn in turns { turn.resume() }
        let grace = clock.schedule(atMs: clock.nowMs + Limits.stopMs, pullsTime: false) {
            for environment in all { environment.retire() }
        }
        for environment in all { await environment.over() }
        grace.cancel()
    }
}
