import Foundation

/// Where progress is shown: drawn again and again in a terminal, as lines one after the other elsewhere.
final class Terminal {
    private let isInteractive: Bool
    let isColoured: Bool
    private var drawnLines = 0

    init() {
        let environment = ProcessInfo.processInfo.environment
        isInteractive = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        isColoured = isInteractive && environment["NO_COLOR"] == nil
    }

    /// How many lines a picture may have that is drawn again.
    var height: Int { max(4, (size.ws_row > 0 ? Int(size.ws_row) : 24) - 2) }

    /// - Parameters:
    ///   - picture: what a terminal shows in place of the picture before.
    ///   - changes: what is new in it, for where nothing can be drawn over.
    func show(_ picture: [String], changes: [String]) {
        guard isInteractive else { return changes.forEach(say) }
        let back = drawnLines > 0 ? "\u{1B}[\(drawnLines)A\r\u{1B}[J" : ""
        write(back + picture.map { clipped($0) + "\n" }.joined())
        drawnLines = picture.count
    }

    func say(_ line: String) { write(line + "\n") }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    private var size: winsize {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? size : winsize()
    }

    /// A line that wraps would spoil the count of lines. Colour codes take no room; a line has one pair of them.
    private func clipped(_ line: String) -> String {
        let width = (size.ws_col > 0 ? Int(size.ws_col) : 80) + (isColoured ? 9 : 0)
        return line.count > width ? line.prefix(width - 1) + "…" : line
    }
}
