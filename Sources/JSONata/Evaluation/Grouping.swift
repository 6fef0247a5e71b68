/// `{key: value, …}`: alone an object, behind an expression its items grouped by their keys.
final class Grouping {
    let pairs: [(key: Node, value: Node)]
    let position: Int

    init(_ pairs: [(key: Node, value: Node)], _ position: Int) {
        self.pairs = pairs
        self.position = position
    }

    private struct Group {
        let key: String
        let pair: Int
        var items: Value
    }

    func evaluate(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let result = Record()
        if case .array(let list) = input {
            for group in try groups(of: list, frame, machine) { try add(group, to: result, frame, machine) }
            return .object(result)
        }
        return .object(try object(input, frame, machine))
    }

    /// One item: its keys are its own, so nothing has to be gathered.
    private func object(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Record {
        let result = Record()
        var keys: [String?] = []
        for pair in pairs {
            let key = try key(pair.key, input, frame, machine)
            if let key, keys.contains(where: { $0.map { Text.same($0, key) } ?? false }) { throw duplicate(key) }
            keys.append(key)
        }
        for (pair, key) in zip(pairs, keys) {
            guard let key else { continue }
            let value = try machine.evaluate(pair.value, input, frame)
            if !value.isUndefined { result[set: key] = value }
        }
        return result
    }

    private func key(_ node: Node, _ item: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> String? {
        switch try machine.evaluate(node, item, frame) {
        case .string(let key): return key
        case .undefined: return nil
        case let other: throw Failure("T1003", position: position, value: other)
        }
    }

    private func duplicate(_ key: String) -> Failure { Failure("D1009", position: position, value: .string(key)) }

    private func groups(of list: List, _ frame: Frame, _ machine: Machine) throws(Failure) -> [Group] {
        var groups: [Group] = []
        var places: [[UInt8]: Int] = [:]
        for index in 0..<max(list.count, 1) {
            let item = list.count > 0 ? list[index] : .undefined
            let scope = Path.scope(item, frame)
            for (pair, nodes) in pairs.enumerated() {
                guard let key = try key(nodes.key, Path.item(item), scope, machine) else { continue }
                guard let place = places[Array(key.utf8)] else {
                    places[Array(key.utf8)] = groups.count
                    groups.append(Group(key: key, pair: pair, items: item))
                    continue
                }
                guard groups[place].pair == pair else { throw duplicate(key) }
                groups[place].items = Self.gather(groups[place].items, item)
            }
        }
        return groups
    }

    /// Appends to the list that this group alone holds.
    private static func gather(_ gathered: Value, _ item: Value) -> Value {
        if case .array(let list) = gathered, list.flags.contains(.keepSingleton), list.flags.contains(.sequence) {
            Self.add(item, to: list)
            return gathered
        }
        let list = List([], [.sequence, .keepSingleton])
        Self.add(gathered, to: list)
        Self.add(item, to: list)
        return .array(list)
    }

    private static func add(_ item: Value, to list: List) {
        switch item {
        case .undefined: break
        case .array(let inner): list.append(contentsOf: inner)
        default: list.append(item)
        }
    }

    private func add(_ group: Group, to result: Record, _ frame: Frame, _ machine: Machine) throws(Failure) {
        var context = group.items
        var scope = frame
        if let tuple = Self.reduce(group.items) {
            context = tuple.value
            scope = Frame(frame, tuple.bindings)
        } else if case .array(let list) = context, list.isSequence {
            context = .array(list.plain())
        }
        let value = try machine.evaluate(pairs[group.pair].value, context, scope)
        if !value.isUndefined { result[set: group.key] = value }
    }

    /// The tuples of one group as one: what they bind is gathered name by name.
    private static func reduce(_ items: Value) -> Tuple? {
        switch items {
        case .tuple(let tuple): return tuple
        case .array(let list) where list.count > 0:
            guard case .tuple(let first) = list[0] else { return nil }
            let value = gathered(list) { $0.value }
            var bindings: [Binding] = []
            for binding in first.bindings {
                let all = gathered(list) { tuple in
                    tuple.bindings.first { $0.symbol == binding.symbol }?.value ?? .undefined
                }
                bindings.append(Binding(symbol: binding.symbol, value: all))
            }
            return Tuple(value, bindings)
        default: return nil
        }
    }

    private static func gathered(_ list: List, _ part: (Tuple) -> Value) -> Value {
        let all = List()
        for index in 0..<list.count {
            if case .tuple(let tuple) = list[index] { add(part(tuple), to: all) }
        }
        return .array(all)
    }
}

final class ObjectNode: Node {
    var content: Grouping

    init(_ content: Grouping) {
        self.content = content
        super.init(content.position)
    }

    override var type: String { "unary" }

    override func unlink() {
        super.unlink()
        content = Grouping([], position)
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        try content.evaluate(input, frame, machine)
    }
}
