import AWSWire
import BatonCore
import BatonProcess
import BatonStore
import JSON
import Synchronization

/// One process of a function version, with a Runtime API listener of its own: whoever calls that port is this process.
///
/// It performs the effects of ``EnvironmentLifecycle``. The way of an event is short: `run` resumes the parked poll, the
/// answer resumes `run`; logs and accounts come after that.
final class ExecutionEnvironment: Sendable {
    /// How `run` ends.
    enum Outcome: Sendable {
        case answered(InvocationResult)
        /// The event never reached the function.
        case handedBack
    }

    let version: FunctionVersion
    let id: String
    let host: Host
    let log = FunctionLog()
    let delivery: LogDelivery
    private let state = Mutex(State())
    private let onEnd: @Sendable (ExecutionEnvironment) -> Void

    private struct State {
        var lifecycle = EnvironmentLifecycle()
        var invocation: Invocation?
        var caller: CheckedContinuation<Outcome, Never>?
        var poll: CheckedContinuation<HTTPResponse, Never>?
        var timer: (any ClockTimer)?
        var child: ChildProcess?
        var listener: (any HTTPListener)?
        /// What the runtime said when it could not load the code.
        var initFailure: [UInt8]?
        /// Why there is no process, when it could not be started at all.
        var startFailure: (type: String, message: String)?
        var createdMs: Int64 = 0
        /// How long loading took; told in the first REPORT only.
        var initMs: Int64?
        var deliveredMs: Int64 = 0
        var isOutdated = false
        var idleSinceMs: Int64 = 0
        var isOver = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    init(_ version: FunctionVersion, host: Host, onEnd: @escaping @Sendable (ExecutionEnvironment) -> Void) {
        self.version = version
        self.host = host
        self.onEnd = onEnd
        id = host.random.hex(32)
        let context = host.context(account: version.reference.account, region: version.reference.region)
        delivery = LogDelivery(
            group: version.logGroup,
            stream: "\(Times.folder(host.clock.nowMs))/[\(version.version)]\(id)", log: log, context: context)
    }

    // MARK: For the pool

    /// The configuration or code has changed: it ends after its present work.
    var isOutdated: Bool {
        get { state.withLock { $0.isOutdated } }
        set { state.withLock { $0.isOutdated = newValue } }
    }

    var hasEnded: Bool {
        state.withLock {
            switch $0.lifecycle.phase {
            case .ending, .ended: true
            default: false
            }
        }
    }

    var idleSinceMs: Int64 {
        get { state.withLock { $0.idleSinceMs } }
        set { state.withLock { $0.idleSinceMs = newValue } }
    }

    func retire() { handle(.retired) }

    /// Returns when its process has gone and its log is delivered.
    func over() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waitingForEnd.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// Hands one event to the process and waits for what comes of it.
    func run(_ invocation: Invocation) async -> Outcome {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.invocation = invocation
                state.caller = continuation
            }
            handle(.assigned(invocation.requestId))
            // A runtime that has answered and never asks again must not hold this event for ever.
            if state.withLock({ $0.lifecycle.phase == .settling }) { setTimer(atMs: host.clock.nowMs + Limits.initMs) }
        }
    }

    // MARK: Starting

    /// Starts the process; what goes wrong is told to the invocation that waits.
    func start(_ launch: Launch) {
        let now = host.clock.nowMs
        state.withLock { $0.createdMs = now }
        Task {
            do {
                let listener = try await host.listen { [weak self] in await self?.answer($0) ?? RuntimeReply.unknown }
                state.withLock { $0.listener = listener }
                let specification = try launch.specification(self, port: listener.port)
                log.platform("INIT_START Runtime Version: \(version.settings.runtime)", atMs: host.clock.nowMs)
                // Before the process runs: it may have its first event before this task goes on, and with it a timer.
                setTimer(atMs: now + max(Limits.initMs, Int64(version.settings.timeout) * 1000))
                let child = try await ChildProcess.start(
                    specification, output: { [log, clock = host.clock] in log.write($0, atMs: clock.nowMs) },
                    beforeRun: { [self] in began($0) })
                let exit = await child.exit()
                await ended(exit)
            } catch let error as Launch.Failure {
                await ended(nil, failure: (error.type, error.message))
            } catch {
                await ended(nil, failure: ("Runtime.ExitError", "\(error)"))
            }
            launch.cleanUp(self)
        }
    }

    /// The program is about to run; whoever retired the environment meanwhile did not know its process.
    private func began(_ child: ChildProcess) {
        let mustEnd = state.withLock { state in
            state.child = child
            return state.lifecycle.phase != .starting
        }
        if mustEnd { child.kill() }
    }

    // MARK: The Runtime API

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch RuntimeRequest(method: request.method, path: request.path) {
        case .next: return await poll()
        case .response(let id): return await answered(id, request, functionError: nil)
        case .error(let id): return await answered(id, request, functionError: "Unhandled")
        case .initError:
            state.withLock { $0.initFailure = request.body.load() }
            return handle(.initFailed).contains(.refuse) ? RuntimeReply.invalidState : RuntimeReply.accepted
        case .unknown: return RuntimeReply.unknown
        }
    }

    private func poll() async -> HTTPResponse {
        await withCheckedContinuation { continuation in
            // A second poll at the same time finds the first one parked and is refused by the lifecycle.
            let isFree = state.withLock { state in
                guard state.poll == nil else { return false }
                state.poll = continuation
                return true
            }
            guard isFree else { return continuation.resume(returning: RuntimeReply.invalidState) }
            if handle(.polled).contains(.refuse) { takePoll()?.resume(returning: RuntimeReply.invalidState) }
        }
    }

    private func takePoll() -> CheckedContinuation<HTTPResponse, Never>? {
        state.withLock { state in
            defer { state.poll = nil }
            return state.poll
        }
    }

    private func answered(_ id: String, _ request: HTTPRequest, functionError: String?) async -> HTTPResponse {
        guard let body = request.body.load() else { return RuntimeReply.invalidId }
        var result = InvocationResult(payload: body, functionError: functionError, logTail: nil)
        if body.count > Limits.payload {
            result = .failure(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (6291556 bytes).")
        }
        let (invocation, caller, effects, delivered) = state.withLock { state in
            let invocation = state.invocation
            let effects = state.lifecycle.handle(.answered(id))
            guard effects == [.complete(id)] else {
                return (
                    invocation, nil as CheckedContinuation<Outcome, Never>?, effects, state.deliveredMs
                )
            }
            state.timer?.cancel()
            state.timer = nil
            defer { state.caller = nil }
            return (invocation, state.caller, effects, state.deliveredMs)
        }
        guard effects == [.complete(id)], let invocation else {
            return state.withLock { $0.lifecycle.current } == nil ? RuntimeReply.invalidState : RuntimeReply.invalidId
        }
        let nowMs = host.clock.nowMs
        if !invocation.wantsLogTail { caller?.resume(returning: .answered(result)) }
        // The runtime polls again only after this reply, so the log is in order before the next event starts.
        await state.withLock { $0.child }?.drain()
        report(invocation, durationMs: nowMs - delivered, failure: nil)
        if invocation.wantsLogTail {
            result.logTail = log.tail
            caller?.resume(returning: .answered(result))
        }
        delivery.kick()
        return body.count > Limits.payload ? RuntimeReply.tooLarge : RuntimeReply.accepted
    }

    // MARK: Performing effects

    @discardableResult
    private func handle(_ event: EnvironmentLifecycle.Event) -> [EnvironmentLifecycle.Effect] {
        let effects = state.withLock { $0.lifecycle.handle(event) }
        for effect in effects {
            switch effect {
            case .initialized: initialized()
            case .deliver: deliver()
            case .kill: state.withLock { $0.child }?.kill()
            case .handBack: takeCaller()?.resume(returning: .handedBack)
            case .park, .refuse, .complete, .fail: break
            }
        }
        return effects
    }

    private func takeCaller() -> CheckedContinuation<Outcome, Never>? {
        state.withLock { state in
            defer { state.caller = nil }
            return state.caller
        }
    }

    private func initialized() {
        let now = host.clock.nowMs
        state.withLock { state in
            state.initMs = now - state.createdMs
            state.timer?.cancel()
            state.timer = nil
        }
    }

    private func deliver() {
        let now = host.clock.nowMs
        let (invocation, poll) = state.withLock { state in
            state.deliveredMs = now
            defer { state.poll = nil }
            return (state.invocation, state.poll)
        }
        guard let invocation else { return }
        let timeoutMs = Int64(version.settings.timeout) * 1000
        log.platform(
            "START RequestId: \(invocation.requestId) Version: \(version.version)", atMs: now, isFirst: true)
        // Before the function has the event: its time runs from now on, however late this thread goes on.
        setTimer(atMs: now + timeoutMs)
        poll?.resume(returning: RuntimeReply.event(invocation, deadlineMs: now + timeoutMs))
    }

    private func setTimer(atMs: Int64) {
        let timer = host.clock.schedule(atMs: atMs, pullsTime: false) { [weak self] in
            self?.handle(.timedOut)
        }
        let old = state.withLock { state in
            defer { state.timer = timer }
            return state.timer
        }
        old?.cancel()
    }

    // MARK: Ending

    private func ended(_ exit: ProcessExit?, failure: (type: String, message: String)? = nil) async {
        let now = host.clock.nowMs
        let (effects, invocation, listener, delivered) = state.withLock { state in
            state.startFailure = failure
            state.timer?.cancel()
            state.timer = nil
            return (state.lifecycle.handle(.exited), state.invocation, state.listener, state.deliveredMs)
        }
        takePoll()?.resume(returning: RuntimeReply.invalidState)
        for effect in effects {
            switch effect {
            case .fail(_, let cause):
                guard let invocation else { break }
                var result = ending(invocation, cause, exit)
                let type = (try? JSON.parse(result.payload))?["errorType"]?.string ?? "Runtime.Unknown"
                if cause == .timedOut {
                    let seconds = FunctionReport.fixed(Double(version.settings.timeout))
                    log.platform(
                        "\(Times.iso(now)) \(invocation.requestId) Task timed out after \(seconds) seconds\n",
                        atMs: now)
                }
                if delivered == 0 {
                    log.platform("START RequestId: \(invocation.requestId) Version: \(version.version)", atMs: now)
                }
                report(
                    invocation, durationMs: delivered == 0 ? 0 : now - delivered,
                    failure: cause == .timedOut ? "timeout" : "error\tError Type: \(type)")
                if invocation.wantsLogTail { result.logTail = log.tail }
                takeCaller()?.resume(returning: .answered(result))
            case .handBack: takeCaller()?.resume(returning: .handedBack)
            default: break
            }
        }
        await delivery.finish()
        await listener?.close()
        onEnd(self)
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    /// What the caller learns of an environment that ended under its event.
    private func ending(
        _ invocation: Invocation, _ cause: EnvironmentLifecycle.Cause, _ exit: ProcessExit?
    ) -> InvocationResult {
        let id = invocation.requestId
        let (initFailure, startFailure) = state.withLock { ($0.initFailure, $0.startFailure) }
        if let startFailure { return .failure(startFailure.type, id, startFailure.message) }
        switch cause {
        case .initFailed:
            return InvocationResult(payload: initFailure ?? [], functionError: "Unhandled", logTail: nil)
        case .timedOut:
            let seconds = FunctionReport.fixed(Double(version.settings.timeout))
            return .failure("Sandbox.Timedout", id, "Task timed out after \(seconds) seconds")
        case .retired, .exited: break
        }
        switch exit {
        case .memoryExceeded:
            return .failure("Runtime.OutOfMemory", id, "Runtime exited with error: signal: killed")
        case .exited(let code) where code != 0:
            return .failure("Runtime.ExitError", id, "Runtime exited with error: exit status \(code)")
        case .signaled(let signal):
            return .failure("Runtime.ExitError", id, "Runtime exited with error: signal: \(Signals.name(signal))")
        case .threadsExceeded:
            return .failure(
                "Runtime.ExitError", id, "Runtime exited with error: signal: killed (more than 1024 processes)")
        case .exited, nil: return .failure("Runtime.ExitError", id, "Runtime exited without providing a reason")
        }
    }

    /// Writes END and REPORT.
    private func report(_ invocation: Invocation, durationMs: Int64, failure: String?) {
        let (child, initMs) = state.withLock { state in
            defer { state.initMs = nil }
            return (state.child, state.initMs)
        }
        _ = child?.measureMemory()
        let report = FunctionReport(
            requestId: invocation.requestId, durationMs: durationMs, memoryMB: version.settings.memorySize,
            usedBytes: child?.peakMemoryBytes ?? 0, initMs: initMs, failure: failure)
        let now = host.clock.nowMs
        log.platform("END RequestId: \(invocation.requestId)", atMs: now)
        log.platform(report.line, atMs: now)
    }
}
