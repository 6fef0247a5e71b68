internal import CLinux
internal import Glibc

/// What stands over one job: a process in a session of its own that starts the program in another one, keeps a bounded
/// part of its output, passes SIGTERM on, ends whoever the program leaves behind, and writes down how it ended.
///
/// It needs nobody: Baton may go and come again meanwhile. As subreaper of its descendants it knows them all, also those
/// that left the program's session.
struct Runner {
    let launch: JobLaunch
    let tag: Int64
    let boot: String
    /// The nursery: it lives as long as Baton does.
    let parent: Int32
    let events: Int32

    private var folder: JobFolder { JobFolder(launch.folder) }
    /// How long descendants may take to die after SIGKILL, ms; some hang in the kernel.
    private static let deathMs = 5_000
    /// How often memory is measured, ms.
    private static let measureMs = 250
    private static let full = "\n[baton] The output beyond this point was not kept.\n"

    func run() -> Never {
        setsid()
        linux_become_subreaper()
        linux_set_name("baton-runner")
        let own = ProcessTable.startTicks(getpid()) ?? 0
        guard folder.claim(JobFolder.RunnerRecord(pid: getpid(), ticks: own, boot: boot)) else { _exit(0) }
        let exit = watch()
        // A full disk may get room again; until then the job is not over.
        while !folder.write(exit, durably: getppid() != parent) { sleep(1) }
        _exit(0)
    }

    // MARK: The program

    private func watch() -> JobExit {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGCHLD, SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, number) }
        signal(SIGCHLD, SIG_DFL)
        signal(SIGPIPE, SIG_IGN)
        sigprocmask(SIG_BLOCK, &signals, nil)
        let signalled = linux_signal_descriptor(&signals)
        guard signalled >= 0, let written = Channel.pipe() else {
            return JobExit(.cannotStart("no descriptors are left"), startedMs: Self.nowMs, stoppedMs: Self.nowMs)
        }
        var child: Int32 = 0
        let refusal = spawn(&child, output: written.write)
        close(written.write)
        let startedMs = Self.nowMs
        if refusal != 0 {
            return JobExit(.cannotStart(Self.text(refusal, launch)), startedMs: startedMs, stoppedMs: startedMs)
        }
        folder.note(startedMs: startedMs)
        _ = Channel.send("S \(tag) \(startedMs)", to: events)
        close(events)
        let (status, isTooLarge) = follow(child, Output(descriptor: written.read, launch), signalled)
        let ending: JobExit.Ending =
            isTooLarge
            ? .memoryExceeded
            : status & 0x7F == 0 ? .exited(code: (status >> 8) & 0xFF) : .signaled(status & 0x7F)
        return JobExit(ending, startedMs: startedMs, stoppedMs: Self.nowMs)
    }

    /// Starts the program in a session of its own: as spawned, not forked, so that no memory is copied.
    /// - Returns: 0, or why it cannot start.
    private func spawn(_ child: inout Int32, output: Int32) -> Int32 {
        umask(0o022)
        var noCore = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCore)
        // When memory runs out the kernel shall choose a job rather than Baton.
        _ = Files.append("500", to: "/proc/self/oom_score_adj")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        linux_spawn_chdir(&actions, launch.workFolder)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        linux_spawn_in_session(&attributes)
        // The program is looked up in the path that it gets.
        setenv("PATH", launch.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = launch.command.map { strdup($0) } + [nil]
        let mark = [ProcessSpecification.markVariable: launch.mark]
        var environment: [UnsafeMutablePointer<CChar>?] =
            launch.environment.merging(mark) { $1 }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        return posix_spawnp(&child, launch.command.first ?? "", &actions, &attributes, &arguments, &environment)
    }

    private static func text(_ number: Int32, _ launch: JobLaunch) -> String {
        let program = launch.command.first ?? ""
        if number == ENOENT, !program.contains("/") {
            return "exec: \"\(program)\": executable file not found in $PATH"
        }
        return "exec: \"\(program)\": \(String(cString: strerror(number)).lowercased())"
    }

    // MARK: Watching

    /// Returns the program's wait status when it and its descendants have ended, and whether they were killed for their
    /// use of memory.
    private func follow(_ child: Int32, _ output: Output, _ signalled: Int32) -> (status: Int32, isTooLarge: Bool) {
        var status: Int32?
        var killAtMs: Int?
        var measureAtMs = launch.memoryLimit > 0 ? Self.elapsedMs + Self.measureMs : Int.max
        var isTooLarge = false
        while status == nil {
            var polled = [
                pollfd(fd: signalled, events: Int16(POLLIN), revents: 0),
                pollfd(fd: output.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let nextMs = min(killAtMs ?? Int.max, measureAtMs)
            let timeout = nextMs == Int.max ? -1 : Int32(clamping: max(0, nextMs - Self.elapsedMs))
            poll(&polled, output.isOpen ? 2 : 1, timeout)
            if output.isOpen, polled[1].revents != 0 { output.keepPiece() }
            while case let number = linux_next_signal(signalled), number != 0 {
                if number == SIGCHLD {
                    status = Self.reap(child) ?? status
                } else if killAtMs == nil {
                    kill(-child, SIGTERM)
                    killAtMs = Self.elapsedMs + launch.graceMs
                }
            }
            if let atMs = killAtMs, Self.elapsedMs >= atMs {
                killAll(child)
                killAtMs = Self.elapsedMs + Self.measureMs
            }
            if status == nil, Self.elapsedMs >= measureAtMs {
                isTooLarge = isTooLarge || ProcessTable.familyBytes(child) > launch.memoryLimit
                if isTooLarge { killAll(child) }
                measureAtMs = Self.elapsedMs + Self.measureMs
            }
        }
        let giveUpMs = Self.elapsedMs + Self.deathMs
        while !Self.isAlone, Self.elapsedMs < giveUpMs {
            killAll(child)
            var polled = pollfd(fd: signalled, events: Int16(POLLIN), revents: 0)
            poll(&polled, 1, 20)
            while linux_next_signal(signalled) != 0 {}
            output.keepRest()
        }
        output.keepRest()
        return (status ?? SIGKILL, isTooLarge)
    }

    /// The status of the program, when it is among those that have ended.
    private static func reap(_ child: Int32) -> Int32? {
        var found: Int32?
        while true {
            var status: Int32 = 0
            let pid = waitpid(-1, &status, WNOHANG)
            guard pid > 0 else { return found }
            if pid == child { found = status }
        }
    }

    private static var isAlone: Bool {
        _ = reap(0)
        return waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD
    }

    private func killAll(_ child: Int32) {
        kill(-child, SIGKILL)
        for pid in ProcessTable.children() { kill(pid, SIGKILL) }
    }

    static var nowMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static var elapsedMs: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// Brings the program's output to its file, up to the limit.
    private final class Output {
        let descriptor: Int32
        private(set) var isOpen = true
        private let file: Int32
        private var room: Int
        private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

        init(descriptor: Int32, _ launch: JobLaunch) {
            self.descriptor = descriptor
            room = launch.outputLimit
            file = open(JobFolder(launch.folder).output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }

        /// false when there is nothing at the moment, or nothing more.
        @discardableResult
        func keepPiece() -> Bool {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else {
                if count == 0 || (errno != EAGAIN && errno != EINTR) { isOpen = false }
                return false
            }
            guard room > 0 else { return true }
            let kept = min(count, room)
            room -= kept
            // What does not fit on the disk is lost; the job goes on.
            _ = write(file, buffer, kept)
            if room == 0 { _ = write(file, Runner.full, Runner.full.utf8.count) }
            return true
        }

        /// A pipe holds 64 KB unless somebody made it larger; who still writes has survived SIGKILL.
        func keepRest() {
            var pieces = 0
            while isOpen, pieces < 32, keepPiece() { pieces += 1 }
        }
    }
}
