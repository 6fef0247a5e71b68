import JSON

extension Path {
    /// - Returns: nil when a definite path names nothing.
    func find(in start: JSON, root: JSON) -> JSON? {
        guard !isDefinite else { return definite(start) }
        var nodes = [start]
        for step in steps {
            if case .function(let function) = step {
                return function.apply(.array(nodes))
            }
            nodes = walk(nodes, step, root)
        }
        return .array(nodes)
    }

    private func definite(_ start: JSON) -> JSON? {
        var node = start
        for step in steps {
            let found: JSON?
            switch step {
            case .member(let name): found = node[name]
            case .index(let index): found = Self.element(node, index)
            case .function(let function): found = function.apply(node)
            default: found = nil
            }
            guard let found else { return nil }
            node = found
        }
        return node
    }

    private static func element(_ node: JSON, _ index: Int) -> JSON? {
        guard case .array(let elements) = node else { return nil }
        let place = index < 0 ? elements.count + index : index
        // Not a conditional expression: JSON has a nil literal of its own.
        guard elements.indices.contains(place) else { return nil }
        return elements[place]
    }

    private func walk(_ nodes: [JSON], _ step: Step, _ root: JSON) -> [JSON] {
        switch step {
        case .member(let name): return nodes.compactMap { $0[name] }
        case .index(let index): return nodes.compactMap { Self.element($0, index) }
        case .members(let names): return nodes.flatMap { node in names.compactMap { node[$0] } }
        case .indices(let indices): return nodes.flatMap { node in indices.compactMap { Self.element(node, $0) } }
        case .wildcard: return nodes.flatMap(Self.children)
        case .slice(let from, let to): return nodes.flatMap { Self.slice($0, from, to) }
        case .filter(let filter):
            return nodes.flatMap { node -> [JSON] in
                if case .array(let elements) = node { return elements.filter { filter.holds($0, root: root) } }
                return filter.holds(node, root: root) ? [node] : []
            }
        case .descend:
            var all: [JSON] = []
            for node in nodes { Self.descend(node, &all) }
            return all
        case .function: return nodes
        }
    }

    private static func children(_ node: JSON) -> [JSON] {
        switch node {
        case .array(let elements): elements
        case .object(let object): object.values
        default: []
        }
    }

    private static func descend(_ node: JSON, _ all: inout [JSON]) {
        switch node {
        case .array(let elements):
            all.append(node)
            for element in elements { descend(element, &all) }
        case .object(let object):
            all.append(node)
            for member in object { descend(member.value, &all) }
        default: return
        }
    }

    private static func slice(_ node: JSON, _ from: Int?, _ to: Int?) -> [JSON] {
        guard case .array(let elements) = node else { return [] }
        func place(_ index: Int) -> Int { min(max(index < 0 ? elements.count + index : index, 0), elements.count) }
        let first = place(from ?? 0)
        let last = place(to ?? elements.count)
        return first < last ? Array(elements[first..<last]) : []
    }
}

extension Path.Function {
    /// - Returns: nil when the function has no answer for such a value.
    func apply(_ value: JSON) -> JSON? {
        switch self {
        case .length, .size:
            switch value {
            case .array(let elements): return .number(elements.count)
            case .object(let object): return .number(object.count)
            case .string(let text): return .number(text.utf16.count)
            default: return nil
            }
        case .keys: return value.object.map { .array($0.keys.map(JSON.string)) }
        case .first: return value.array?.first
        case .last: return value.array?.last
        case .concat:
            guard let elements = value.array else { return nil }
            return .string(elements.compactMap { $0.string ?? ($0.double == nil ? nil : $0.text()) }.joined())
        case .min, .max, .avg, .sum, .stddev: return fold(value.array?.compactMap(\.double) ?? [])
        }
    }

    private func fold(_ numbers: [Double]) -> JSON? {
        guard let least = numbers.min(), let most = numbers.max() else { return nil }
        let sum = numbers.reduce(0, +)
        let mean = sum / Double(numbers.count)
        switch self {
        case .min: return .number(least)
        case .max: return .number(most)
        case .sum: return .number(sum)
        case .avg: return .number(mean)
        default:
            let spread = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
            return .number(spread.squareRoot())
        }
    }
}
