import Foundation

/// Where progress is shown: drawn again and again in a terminal, one line for each finished state elsewhere.
final class Terminal {
    private let isInteractive: Bool
    private let text: TreeText
    private var drawnLines = 0

    init() {
        isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        text = TreeText(isColoured: isInteractive && ProcessInfo.processInfo.environment["NO_COLOR"] == nil)
    }

    /// - Parameter ended: the nodes that have ended since the last time.
    func show(_ tree: ExecutionTree, ended: [Int], nowMs: Int64, isOver: Bool) {
        guard isInteractive else {
            for node in ended where tree.nodes[node].parent.map({ tree.nodes[$0].kind != "" }) ?? true {
                let indent = String(repeating: "  ", count: tree.nodes[node].depth)
                write(indent + text.line(tree.nodes[node], nowMs) + "\n")
            }
            return
        }
        // The final picture stays, whole.
        let lines = text.lines(tree, nowMs: nowMs, limit: isOver ? .max : max(4, height - 2))
        let back = drawnLines > 0 ? "\u{1B}[\(drawnLines)A\r\u{1B}[J" : ""
        write(back + lines.map { clipped($0) + "\n" }.joined())
        drawnLines = lines.count
    }

    func say(_ line: String) { write(line + "\n") }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    private var size: winsize {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? size : winsize()
    }
    private var height: Int { size.ws_row > 0 ? Int(size.ws_row) : 24 }

    /// A line that wraps would spoil the count of lines.
    private func clipped(_ line: String) -> String {
        let width = size.ws_col > 0 ? Int(size.ws_col) : 80
        // Colour codes take no room; they stand at the front of a line only.
        return line.count > width + 8 ? String(line.prefix(width + 8 - 1)) + "…" : line
    }
}
