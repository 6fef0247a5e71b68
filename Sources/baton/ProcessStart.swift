import Foundation

/// How long this process has run, by the kernel's account.
enum ProcessStart {
    /// Milliseconds since the kernel started this process; 0 where it does not tell. The kernel counts in hundredths
    /// of a second.
    static var elapsedMs: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        // Field 22, counted from 1; the second one, in parentheses, may hold spaces.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let startTicks = Int(fields[19]) else { return 0 }
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        let nowMs = time.tv_sec * 1000 + time.tv_nsec / 1_000_000
        return max(0, nowMs - startTicks * 1000 / sysconf(Int32(_SC_CLK_TCK)))
    }
}
