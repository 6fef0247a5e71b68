internal import CLinux
@preconcurrency internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization

/// Programs that survive Baton: starts them through the ``Nursery``, tells when they started and ended, and finds those
/// again that an earlier Baton started. A family that needs no such life is a ``ChildProcess``.
public final class JobProcesses: Sendable {
    /// What becomes of one program. Called on one queue of this object: be short.
    public struct Handlers: Sendable {
        /// The program runs; not called for one that cannot.
        public let started: @Sendable () -> Void
        /// Called once, last; nil when nobody can tell how it ended, because its runner was killed or the machine stopped.
        public let ended: @Sendable (JobExit?) -> Void

        public init(started: @escaping @Sendable () -> Void, ended: @escaping @Sendable (JobExit?) -> Void) {
            self.started = started
            self.ended = ended
        }
    }

    private struct Entry {
        let folder: JobFolder
        let mark: String
        let handlers: Handlers
        var pid: Int32?
        var watch: (any DispatchSourceRead)?
        var hasStarted = false
        /// Wants SIGTERM as soon as the runner is known.
        var isUnwanted = false
    }

    private struct State {
        var entries: [Int64: Entry] = [:]
        var tags: [String: Int64] = [:]
        var lastTag: Int64 = 0
        var requests: Int32?
        var nursery: Int32?
        var isStopped = false
    }

    private let executable: String
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "baton.jobs")
    private let writing = DispatchQueue(label: "baton.jobs.requests")

    /// - Parameter executable: a program that calls ``Nursery/run()`` for the argument ``Nursery/argument``.
    public init(executable: String = "/proc/self/exe") { self.executable = executable }

    /// Names this run of the machine.
    static let boot =
        Files.read("/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first.map(String.init) ?? "-"

    // MARK: Starting

    /// Starts the nursery, which takes some tens of milliseconds, before the first job needs it.
    public func prepare() { writing.async { [self] in _ = openRequests() } }

    public func start(_ launch: JobLaunch, _ handlers: Handlers) {
        let tag = enter(JobFolder(launch.folder), launch.mark, handlers)
        let bytes = launch.encoded(tag: tag)
        writing.async { [self] in
            guard bytes.count <= JobLaunch.largest, let requests = openRequests(), Self.write(bytes, to: requests)
            else {
                // Whether a nursery that died has begun with it is told by the folder.
                return queue.async { [self] in settle(tag) }
            }
        }
    }

    /// Watches a program that an earlier Baton started, or asked to start.
    /// - Returns: false when it never began, and never will.
    public func attach(_ folder: JobFolder, mark: String, _ handlers: Handlers) -> Bool {
        if folder.runner == nil, folder.giveUp() { return false }
        guard let runner = folder.runner, runner.pid > 0 else { return false }
        let tag = enter(folder, mark, handlers)
        if runner.boot == Self.boot, ProcessTable.startTicks(runner.pid) == runner.ticks {
            if runner.startedMs != nil { started(tag) }
            watch(tag, runner.pid)
        } else {
            queue.async { [self] in end(tag) }
        }
        return true
    }

    private func enter(_ folder: JobFolder, _ mark: String, _ handlers: Handlers) -> Int64 {
        state.withLock { state in
            state.lastTag += 1
            state.entries[state.lastTag] = Entry(folder: folder, mark: mark, handlers: handlers)
            state.tags[folder.path] = state.lastTag
            return state.lastTag
        }
    }

    // MARK: Ending

    /// Asks a program to end: SIGTERM, then SIGKILL after its grace time, which its runner sees to.
    public func terminate(_ folder: JobFolder) {
        state.withLock { state in
            guard let tag = state.tags[folder.path], let entry = state.entries[tag] else { return }
            if let pid = entry.pid, entry.hasStarted { kill(pid, SIGTERM) }
            state.entries[tag]?.isUnwanted = true
        }
    }

    /// Watches nothing any more; all programs go on.
    public func stop() {
        let sources = state.withLock { state in
            state.isStopped = true
            if let requests = state.requests { close(requests) }
            state.requests = nil
            defer { state.entries = [:] }
            return state.entries.values.compactMap(\.watch)
        }
        for source in sources { source.cancel() }
    }

    private func started(_ tag: Int64) {
        let handlers = state.withLock { state -> Handlers? in
            guard let entry = state.entries[tag], !entry.hasStarted else { return nil }
            state.entries[tag]?.hasStarted = true
            if entry.isUnwanted, let pid = entry.pid { kill(pid, SIGTERM) }
            return entry.handlers
        }
        handlers?.started()
    }

    /// The runner has gone.
    private func end(_ tag: Int64) {
        let entry = state.withLock { state -> Entry? in
            guard let entry = state.entries.removeValue(forKey: tag) else { return nil }
            state.tags[entry.folder.path] = nil
            return entry
        }
        guard let entry else { return }
        entry.watch?.cancel()
        let exit = entry.folder.exit
        // Whom a runner that was killed has left behind.
        if exit == nil { Family.killOrphans(markPrefix: entry.mark) }
        if !entry.hasStarted, exit.map({ if case .cannotStart = $0.ending { false } else { true } }) ?? false {
            entry.handlers.started()
        }
        entry.handlers.ended(exit)
    }

    private func watch(_ tag: Int64, _ pid: Int32) {
        let descriptor = linux_process_descriptor(pid)
        guard descriptor >= 0 else { return queue.async { [self] in end(tag) } }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [weak self] in self?.end(tag) }
        source.setCancelHandler { close(descriptor) }
        let isKnown = state.withLock { state in
            guard state.entries[tag] != nil else { return false }
            state.entries[tag]?.pid = pid
            state.entries[tag]?.watch = source
            if let entry = state.entries[tag], entry.isUnwanted, entry.hasStarted { kill(pid, SIGTERM) }
            return true
        }
        source.activate()
        if !isKnown { source.cancel() }
    }

    // MARK: The nursery

    /// Starts the nursery when there is none.
    private func openRequests() -> Int32? {
        if let requests = state.withLock({ $0.requests }) { return requests }
        guard let requests = Channel.socket(), let events = Channel.socket(packets: true) else { return nil }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, requests.read, 0)
        posix_spawn_file_actions_adddup2(&actions, events.write, 1)
        // Listeners and connections of Baton stay its own.
        linux_spawn_close_from(&actions, 3)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("baton"), strdup(Nursery.argument), nil]
        defer { for argument in arguments { free(argument) } }
        var pid: Int32 = 0
        // All symbols are bound once, in the nursery, instead of again in each runner.
        var environment: [UnsafeMutablePointer<CChar>?] = ProcessInfo.processInfo.environment
            .merging(["LD_BIND_NOW": "1"]) { $1 }.map { strdup("\($0.key)=\($0.value)") }
        defer { for variable in environment { free(variable) } }
        environment.append(nil)
        let failure = posix_spawn(&pid, executable, &actions, nil, &arguments, &environment)
        close(requests.read)
        close(events.write)
        guard failure == 0 else {
            close(requests.write)
            close(events.read)
            return nil
        }
        listen(events.read, pid)
        state.withLock { state in
            state.requests = requests.write
            state.nursery = pid
        }
        return requests.write
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var at = 0
        while at < bytes.count {
            let count = bytes[at...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            at += count
        }
        return true
    }

    private func listen(_ events: Int32, _ nursery: Int32) {
        let source = DispatchSource.makeReadSource(fileDescriptor: events, queue: queue)
        source.setEventHandler { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 128)
            while true {
                let count = recv(events, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count > 0 {
                    self?.take(String(decoding: buffer[..<count], as: UTF8.self))
                } else if count < 0, errno == EAGAIN || errno == EINTR {
                    return
                } else {
                    source.cancel()
                    self?.lose(nursery)
                    return
                }
            }
        }
        source.setCancelHandler { close(events) }
        source.activate()
    }

    private func take(_ message: String) {
        let fields = message.split(separator: " ")
        guard fields.count == 3, let tag = Int64(fields[1]) else { return }
        if fields[0] == "S" {
            started(tag)
        } else if let pid = Int32(fields[2]), pid > 0 {
            watch(tag, pid)
        } else {
            end(tag)
        }
    }

    /// The nursery, and all who could have sent messages, have gone: what is not watched yet is looked for.
    private func lose(_ nursery: Int32) {
        waitpid(nursery, nil, WNOHANG)
        let unwatched = state.withLock { state -> [Int64] in
            if state.nursery == nursery {
                if let requests = state.requests { close(requests) }
                state.requests = nil
            }
            return state.isStopped ? [] : state.entries.filter { $0.value.watch == nil }.map(\.key)
        }
        for tag in unwatched { settle(tag) }
    }

    /// Finds out about a program whose start was not answered.
    private func settle(_ tag: Int64) {
        guard let entry = state.withLock({ $0.entries[tag] }), entry.watch == nil else { return }
        if entry.folder.runner == nil, entry.folder.giveUp() { return end(tag) }
        guard let runner = entry.folder.runner, runner.pid > 0 else { return end(tag) }
        watch(tag, runner.pid)
        if runner.startedMs != nil { started(tag) }
    }
}
