/// The shell script that stands between Baton and the program: it sets the limits of its own process and becomes the
/// program. Limits are in force before the program's first instruction, which no call from outside could promise.
enum LaunchScript {
    /// It waits for a line on its standard input, which comes when ``Warden`` knows the group. When Baton dies before
    /// that, the input ends and nothing is started.
    static func text(_ limits: ProcessLimits) -> String {
        var lines = ["read -r go || exit 125", "ulimit -c 0"]
        lines.append("ulimit -n \(limits.openFiles)")
        if let bytes = limits.memoryBytes { lines.append("ulimit -d \((bytes + ProcessLimits.slackBytes) / 1024)") }
        if let bytes = limits.fileBytes { lines.append("ulimit -f \(bytes / 512)") }
        if let seconds = limits.cpuSeconds { lines.append("ulimit -t \(seconds)") }
        // When memory runs out the kernel shall choose a child rather than Baton.
        lines.append("{ echo 500 > /proc/self/oom_score_adj; } 2>/dev/null")
        lines.append("exec \"$@\" </dev/null")
        return lines.joined(separator: "\n")
    }
}
