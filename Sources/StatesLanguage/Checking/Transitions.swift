import JSON

/// Checks where the states of one graph lead: every target exists, every state is reached, some state is an end.
struct Transitions {
    private let fields: Fields
    private let states: Fields

    init(_ fields: Fields, _ states: Fields) {
        self.fields = fields
        self.states = states
    }

    func check() {
        let names = states.object.keys
        var edges: [String: [String]] = [:]
        var hasEnd = false
        if let start = fields.object["StartAt"]?.string { see(start, at: fields.place("StartAt")) }
        for name in names {
            guard let state = states.object[name] else { continue }
            let place = states.place(name)
            var targets: [String] = []
            for (target, at) in Self.targets(of: state, place) {
                see(target, at: at)
                targets.append(target)
            }
            edges[name] = targets
            let type = state["Type"]?.string
            if state["End"]?.bool == true || type == "Succeed" || type == "Fail" { hasEnd = true }
        }
        guard hasEnd || names.isEmpty else {
            states.findings.add(.missingEnd, "Workflow has no terminal state", at: nil)
            return
        }
        guard let start = fields.object["StartAt"]?.string else { return }
        let reached = Self.reach(from: start, edges)
        for name in names where !reached.contains(name) {
            states.findings.add(.missingTarget, "State \"\(name)\" is not reachable.", at: states.place(name))
        }
    }

    private func see(_ target: String, at place: String) {
        guard !states.has(target) else { return }
        states.findings.add(.missingTarget, "Missing 'Next' target: \(target)", at: place)
    }

    private static func targets(of state: JSON, _ place: String) -> [(String, String)] {
        var targets: [(String, String)] = []
        if let next = state["Next"]?.string { targets.append((next, "\(place)/Next")) }
        for list in ["Choices", "Catch"] {
            for (index, rule) in (state[list]?.array ?? []).enumerated() {
                if let next = rule["Next"]?.string { targets.append((next, "\(place)/\(list)[\(index)]/Next")) }
            }
        }
        if let next = state["Default"]?.string { targets.append((next, "\(place)/Default")) }
        return targets
    }

    private static func reach(from start: String, _ edges: [String: [String]]) -> Set<String> {
        var reached: Set<String> = []
        var open = [start]
        while let name = open.popLast() {
            if reached.insert(name).inserted { open.append(contentsOf: edges[name] ?? []) }
        }
        return reached
    }
}
