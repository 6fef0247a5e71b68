internal import CLinux
internal import Glibc

/// The small process from which runners are forked: Baton itself has threads and much memory, and may do neither fast nor
/// safely. It is Baton's own program in another mode, has one thread, and ends when Baton does; the runners stay.
public enum Nursery {
    /// The word after the program's name that starts this mode.
    public static let argument = "job-nursery"

    /// Requests come in as standard input. To standard output go messages: `P tag pid` when a runner was forked,
    /// `S tag ms` when its program has started.
    ///
    /// Must be called before the process has a second thread.
    public static func run() -> Never {
        setsid()
        linux_set_name("baton-nursery")
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(number, SIG_IGN) }
        // Runners that have ended need nobody to collect them.
        signal(SIGCHLD, SIG_IGN)
        let requests = moved(0)
        let events = moved(1)
        // What Baton writes its log to may be a pipe whose reader waits for its end.
        dup2(0, 2)
        _ = chdir("/")
        let boot = JobProcesses.boot
        let parent = getpid()
        while let bytes = next(requests) {
            var tag: Int64 = 0
            guard let launch = JobLaunch(decoding: bytes, tag: &tag) else { continue }
            let pid = linux_fork()
            if pid == 0 {
                close(requests)
                signal(SIGTERM, SIG_DFL)
                Runner(launch: launch, tag: tag, boot: boot, parent: parent, events: events).run()
            }
            _ = Channel.send("P \(tag) \(pid)", to: events)
        }
        _exit(0)
    }

    /// Programs get neither of the two, and find 0, 1 and 2 free for their own.
    private static func moved(_ descriptor: Int32) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 10)
        let nothing = open("/dev/null", O_RDWR)
        dup2(nothing, descriptor)
        if nothing > 2 { close(nothing) }
        return copy
    }

    /// The next request; nil when Baton has gone.
    private static func next(_ requests: Int32) -> [UInt8]? {
        guard let head = read(4, requests) else { return nil }
        let count = JobLaunch.number(head)
        return count <= JobLaunch.largest ? read(count, requests) : nil
    }

    private static func read(_ count: Int, _ requests: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var at = 0
        while at < count {
            let read = bytes[at...].withUnsafeMutableBytes { Glibc.read(requests, $0.baseAddress, $0.count) }
            if read < 0, errno == EINTR { continue }
            guard read > 0 else { return nil }
            at += read
        }
        return bytes
    }
}
