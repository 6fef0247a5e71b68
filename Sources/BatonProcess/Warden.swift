internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// One small shell that outlives Baton by a moment: when Baton ends in whatever way, its input ends, and it kills every
/// group that was still running.
///
/// `PR_SET_PDEATHSIG` would do this per child, but it follows the death of the *thread* that started the child, and
/// reaches neither its children nor a program that posix_spawn starts.
final class Warden: Sendable {
    static let shared = Warden()

    private let input = Mutex<Int32?>(nil)

    /// Reads `+ group` and `- group` and keeps the difference. Signals to Baton's terminal do not end it.
    static let script = """
        trap '' INT TERM HUP QUIT
        groups=" "
        while read -r sign group; do
            case "$sign" in
            +) groups="$groups$group " ;;
            -) groups="${groups%% $group *} ${groups#* $group }" ;;
            esac
        done
        for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
        """

    func add(group: Int32) { tell("+ \(group)\n") }
    func remove(group: Int32) { tell("- \(group)\n") }

    private func tell(_ line: String) {
        input.withLock { input in
            if input == nil { input = Self.start() }
            guard let descriptor = input, !Channel.send(line, to: descriptor) else { return }
            close(descriptor)
            input = nil
        }
    }

    /// nil when no shell can be started; then children die with Baton only as far as they notice themselves.
    private static func start() -> Int32? {
        guard let channel = Channel.socket() else { return nil }
        var options = PlatformOptions()
        options.createSession = true
        let configuration = Configuration(
            executable: .path("/bin/sh"), arguments: ["-c", script], environment: .custom(["PATH": "/usr/bin:/bin"]),
            workingDirectory: "/", platformOptions: options)
        let reading = FileDescriptor(rawValue: channel.read)
        Task {
            _ = try? await Subprocess.run(
                configuration, input: .fileDescriptor(reading, closeAfterSpawningProcess: true), output: .discarded,
                error: .discarded)
        }
        return channel.write
    }
}
