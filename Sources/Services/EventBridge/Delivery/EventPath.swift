import JSON

/// A path into an event: `$`, `.name`, `['name']`, `[0]`, `[*]`. Source: EventBridge user guide, input transformation.
struct EventPath: Equatable, Sendable {
    private enum Step: Equatable { case name(String), index(Int), all }
    private let steps: [Step]

    /// nil when the text is no such path.
    init?(_ text: String) {
        guard text.first == "$" else { return nil }
        var rest = text.dropFirst()
        var steps: [Step] = []
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "." {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(name == "*" ? .all : .name(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "[", let end = rest.firstIndex(of: "]") {
                guard let step = Self.step(rest[..<end]) else { return nil }
                steps.append(step)
                rest = rest[rest.index(after: end)...]
            } else {
                return nil
            }
        }
        self.steps = steps
    }

    private static func step(_ inside: Substring) -> Step? {
        if inside == "*" { return .all }
        if let index = Int(inside) { return .index(index) }
        guard inside.count >= 2, let quote = inside.first, quote == "'" || quote == "\"", inside.last == quote else {
            return nil
        }
        return .name(String(inside.dropFirst().dropLast()))
    }

    /// nil where there is nothing. Behind `*` it is a list.
    func value(in event: JSON) -> JSON? {
        var (found, isMany) = ([event], false)
        for step in steps {
            switch step {
            case .name(let name): found = found.compactMap { $0[name] }
            case .index(let index):
                found = found.compactMap { $0[index < 0 ? ($0.array?.count ?? 0) + index : index] }
            case .all:
                isMany = true
                found = found.flatMap { $0.array ?? $0.object?.values ?? [] }
            }
        }
        return isMany ? .array(found) : found.first
    }
}
