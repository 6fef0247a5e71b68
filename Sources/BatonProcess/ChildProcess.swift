internal import Dispatch
internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// A running program in a session of its own: it, its children and their children are one family with common limits,
/// and end together. The family ends at the latest when its first process does, or when Baton does.
///
/// A job that shall survive Baton needs another launch: the same session and limits without ``Warden``, a script that
/// writes the exit code to a file, and a watch on that file instead of ``exit()``.
public final class ChildProcess: Sendable {
    /// The first process; at the same time the number of its group and session.
    public let pid: Int32
    let limits: ProcessLimits
    private let mark: String
    private let reader: OutputReader
    private let state = Mutex(State())

    private struct State {
        var exit: ProcessExit?
        /// Why Baton killed the family, which explains the signal that its end shows.
        var verdict: ProcessExit?
        var waiting: [CheckedContinuation<ProcessExit, Never>] = []
        var peakBytes = 0
    }

    private init(pid: Int32, mark: String, limits: ProcessLimits, _ reader: OutputReader) {
        self.pid = pid
        self.mark = mark
        self.reader = reader
        self.limits = limits
    }

    private static let families = Atomic(0)

    /// Unique among all families of this machine as long as Baton's own process id is.
    private static func mark(_ owner: String) -> String {
        "\(owner)/\(getpid())-\(families.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    // MARK: Starting

    /// Starts a program. Its standard input is empty; standard output and standard error go to `output` in the order in
    /// which they were written, in pieces of at most 64 KB, one call at a time; a slow `output` slows the program.
    /// - Parameter beforeRun: gets the child before the program's first instruction; must be short.
    public static func start(
        _ specification: ProcessSpecification, output: @escaping @Sendable ([UInt8]) -> Void,
        beforeRun: @escaping @Sendable (ChildProcess) -> Void = { _ in }
    ) async throws(ProcessError) -> ChildProcess {
        let launched = await withCheckedContinuation { continuation in
            let launch = Launch(continuation, beforeRun)
            Task { await run(specification, output, launch) }
        }
        return try launched.get()
    }

    /// Answers `start` once, as soon as it is known whether there is a process.
    private final class Launch: Sendable {
        typealias Outcome = Result<ChildProcess, ProcessError>
        private let continuation: Mutex<CheckedContinuation<Outcome, Never>?>

        let beforeRun: @Sendable (ChildProcess) -> Void

        init(
            _ continuation: CheckedContinuation<Outcome, Never>, _ beforeRun: @escaping @Sendable (ChildProcess) -> Void
        ) {
            self.continuation = Mutex(continuation)
            self.beforeRun = beforeRun
        }

        func answer(_ outcome: Outcome) {
            continuation.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }?.resume(returning: outcome)
        }
    }

    /// Lives as long as the process.
    private static func run(
        _ specification: ProcessSpecification, _ output: @escaping @Sendable ([UInt8]) -> Void, _ launch: Launch
    ) async {
        func refuse(_ detail: String) {
            launch.answer(.failure(.cannotStart(executable: specification.executable, detail: detail)))
        }
        guard access(specification.executable, X_OK) == 0 else { return refuse("it is not an executable file") }
        guard let written = Channel.pipe() else { return refuse("no descriptors are left") }
        guard let go = Channel.socket() else {
            close(written.read)
            close(written.write)
            return refuse("no descriptors are left")
        }
        let mark = mark(specification.mark)
        let reader = OutputReader(descriptor: written.read, sink: output)
        let writing = FileDescriptor(rawValue: written.write)
        let started = Mutex<ChildProcess?>(nil)
        var status: TerminationStatus?
        do {
            let result = try await Subprocess.run(
                configuration(specification, mark),
                input: .fileDescriptor(FileDescriptor(rawValue: go.read), closeAfterSpawningProcess: true),
                output: .fileDescriptor(writing, closeAfterSpawningProcess: true), error: .combinedWithOutput
            ) { execution in
                let child = ChildProcess(
                    pid: execution.processIdentifier.value, mark: mark, limits: specification.limits, reader)
                started.withLock { $0 = child }
                Warden.shared.add(group: child.pid)
                LimitWatch.shared.add(child)
                launch.beforeRun(child)
                _ = Channel.send("go\n", to: go.write)
                close(go.write)
                launch.answer(.success(child))
            }
            status = result.terminationStatus
        } catch {
            refuse("\(error)")
        }
        guard let child = started.withLock({ $0 }) else {
            close(go.write)
            return await reader.finish()
        }
        await child.end(status)
    }

    private static func configuration(_ specification: ProcessSpecification, _ mark: String) -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        var environment: [Environment.Key: String] = [:]
        for (name, value) in specification.environment {
            if let key = Environment.Key(rawValue: name) { environment[key] = value }
        }
        if let key = Environment.Key(rawValue: ProcessSpecification.markVariable) {
            environment[key] = mark
        }
        let script = ["-c", LaunchScript.text(specification.limits), "sh", specification.executable]
        return Configuration(
            executable: .path("/bin/sh"), arguments: Arguments(script + specification.arguments),
            environment: .custom(environment), workingDirectory: FilePath(specification.folder),
            platformOptions: options)
    }

    // MARK: Ending

    /// Waits until the first process has ended, the rest of the family is killed and all output is handed on.
    public func exit() async -> ProcessExit {
        await withCheckedContinuation { continuation in
            let exit = state.withLock { state in
                if state.exit == nil { state.waiting.append(continuation) }
                return state.exit
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }

    /// Hands on what the program has written until now and is not yet read.
    public func drain() async { await reader.drain() }

    public var hasEnded: Bool { state.withLock { $0.exit != nil } }

    /// Kills the whole family. ``exit()`` tells when it is over.
    public func kill() {
        guard !hasEnded else { return }
        Glibc.kill(-pid, SIGKILL)
    }

    /// Asks the family to end with SIGTERM and kills it when it has not after `graceMs` of real time.
    public func terminate(graceMs: Int) {
        guard !hasEnded else { return }
        Glibc.kill(-pid, SIGTERM)
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(graceMs)) { [weak self] in self?.kill() }
    }

    func kill(because verdict: ProcessExit) {
        state.withLock { state in state.verdict = state.verdict ?? verdict }
        kill()
    }

    private func end(_ status: TerminationStatus?) async {
        LimitWatch.shared.remove(self)
        Family.kill(group: pid, mark: mark)
        Warden.shared.remove(group: pid)
        await reader.finish()
        let (exit, waiting) = state.withLock { state in
            let exit =
                switch status {
                case .exited(let code): ProcessExit.exited(code: code)
                case .signaled(let signal): state.verdict ?? .signaled(signal)
                case nil: state.verdict ?? .signaled(SIGKILL)
                }
            state.exit = exit
            defer { state.waiting = [] }
            return (exit, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: exit) }
    }

    // MARK: Memory

    /// What the first process holds now, bytes.
    public func measureMemory() -> Int {
        let bytes = ProcessTable.privateBytes(pid)
        note(memoryBytes: bytes)
        return bytes
    }

    /// The most that the family was seen to hold, bytes.
    public var peakMemoryBytes: Int { state.withLock { $0.peakBytes } }

    func note(memoryBytes: Int) { state.withLock { $0.peakBytes = max($0.peakBytes, memoryBytes) } }
}
