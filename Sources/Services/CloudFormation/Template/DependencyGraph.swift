import AWSWire

/// Which resource needs which. Nodes keep the template's order.
struct DependencyGraph: Sendable, Equatable {
    let nodes: [String]
    /// Logical id → what it needs, without itself.
    let needs: [String: Set<String>]
    /// A resource that comes before everything that needs it.
    let order: [String]

    /// Errors: ValidationError `Circular dependency between resources: [A, B]`.
    init(nodes: [String], needs: [String: Set<String>]) throws(AWSError) {
        self.nodes = nodes
        let known = Set(nodes)
        self.needs = needs.mapValues { $0.intersection(known) }
        var waiting = self.needs.mapValues(\.count)
        var neededBy: [String: [String]] = [:]
        for node in nodes {
            for other in self.needs[node] ?? [] { neededBy[other, default: []].append(node) }
        }
        var order: [String] = []
        var ready = nodes.filter { (waiting[$0] ?? 0) == 0 }
        while !ready.isEmpty {
            order += ready
            var freed: Set<String> = []
            for node in ready {
                for other in neededBy[node] ?? [] {
                    waiting[other, default: 0] -= 1
                    if waiting[other] == 0 { freed.insert(other) }
                }
            }
            ready = nodes.filter { freed.contains($0) }
        }
        self.order = order
        guard order.count == nodes.count else {
            let left = known.subtracting(order)
            let circle = Self.circle(nodes.filter { left.contains($0) }, self.needs)
            throw CloudFormationError.validation(
                "Circular dependency between resources: \(CloudFormationError.list(circle))")
        }
    }

    /// Of the nodes that could not be ordered those that can reach themselves: the others only need one of them.
    private static func circle(_ nodes: [String], _ needs: [String: Set<String>]) -> [String] {
        nodes.filter { start in
            var open = Array(needs[start] ?? [])
            var seen: Set<String> = []
            while let node = open.popLast() {
                if node == start { return true }
                if seen.insert(node).inserted { open += needs[node] ?? [] }
            }
            return false
        }
    }
}
