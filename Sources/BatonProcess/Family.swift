internal import Glibc

/// All processes that came from one child: its session, and whoever left that session but kept the mark.
public enum Family {
    /// Members that leave while others are being killed are found in the next round.
    private static let rounds = 20

    /// Kills the group at once and then every process that carries the mark.
    static func kill(group: Int32, mark: String) {
        Glibc.kill(-group, SIGKILL)
        killMarked { $0 == mark }
    }

    /// Ends what an earlier Baton left behind: every process whose mark begins with `prefix`.
    public static func killOrphans(markPrefix prefix: String) { killMarked { $0.hasPrefix(prefix) } }

    private static func killMarked(_ matches: (String) -> Bool) {
        for _ in 0..<rounds {
            let members = ProcessTable.marked(matches)
            guard !members.isEmpty else { return }
            for pid in members { Glibc.kill(pid, SIGKILL) }
        }
    }
}
