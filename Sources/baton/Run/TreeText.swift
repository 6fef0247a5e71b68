/// An execution's tree as lines of text.
struct TreeText {
    /// Terminal colours are wanted.
    let isColoured: Bool

    /// - Parameter limit: as many lines at most; the oldest states are left out first.
    func lines(_ tree: ExecutionTree, nowMs: Int64, limit: Int = .max) -> [String] {
        var lines: [String] = []
        func add(_ nodes: [Int], _ indent: String) {
            for (position, node) in nodes.enumerated() {
                let isLast = position == nodes.count - 1
                lines.append(indent + (isLast ? "└─ " : "├─ ") + line(tree.nodes[node], nowMs))
                add(children(of: node, tree), indent + (isLast ? "   " : "│  "))
            }
        }
        add(tree.roots, "")
        guard lines.count > limit, limit > 1 else { return lines }
        return ["… \(lines.count - limit + 1) more above"] + lines.suffix(limit - 1)
    }

    /// A Map state's iterations are its bar; only those that failed show what happened in them.
    private func children(of node: Int, _ tree: ExecutionTree) -> [Int] {
        let children = tree.nodes[node].children
        guard tree.nodes[node].items != nil else { return children }
        return children.filter { tree.nodes[$0].outcome == .failed }
    }

    /// One state: sign, name, bar, duration, attempts, error.
    func line(_ node: ExecutionTree.Node, _ nowMs: Int64) -> String {
        var words = [sign(node.outcome), node.name.isEmpty ? node.kind : node.name]
        if let items = node.items { words.append(Self.bar(items)) }
        words.append(Self.duration((node.endedMs ?? nowMs) - node.startedMs))
        if node.attempts > 1 { words.append("\(node.attempts) attempts") }
        if let error = node.error { words.append(error) }
        return words.joined(separator: "  ")
    }

    private func sign(_ outcome: ExecutionTree.Outcome) -> String {
        let (sign, colour) =
            switch outcome {
            case .running: ("●", 36)
            case .succeeded: ("✔", 32)
            case .failed: ("✘", 31)
            case .caught: ("↷", 33)
            }
        return isColoured ? "\u{1B}[\(colour)m\(sign)\u{1B}[0m" : sign
    }

    private static let barWidth = 20

    static func bar(_ items: ExecutionTree.Items) -> String {
        let filled = items.total > 0 ? min(barWidth, items.ended * barWidth / items.total) : barWidth
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
        return "\(bar) \(items.ended)/\(items.total)" + (items.failed > 0 ? ", \(items.failed) failed" : "")
    }

    /// `12 ms`, `3.4 s`, `2 min 5 s`, `1 h 2 min`, `3 d 4 h`.
    static func duration(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        switch seconds {
        case ..<1: return "\(max(0, milliseconds)) ms"
        case ..<60: return "\(seconds).\(milliseconds % 1000 / 100) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: return "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }
}
