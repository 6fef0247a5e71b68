/// Steps with dots between them: each is evaluated for every item that the one before it yields, and what comes out
/// is one flat sequence.
final class PathNode: Node {
    var steps: [Node]
    var keepsSingleton = false

    init(_ steps: [Node], _ position: Int) {
        self.steps = steps
        super.init(position)
    }

    override var type: String { "path" }

    override func unlink() {
        super.unlink()
        steps = []
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        if steps.count == 1, let simple = try single(input, frame, machine) { return simple }
        var items: List
        if case .array(let list) = input, steps[0].type != "variable" { items = list } else { items = .sequence(input) }
        var result: List? = items
        var tuples: List?
        for (index, step) in steps.enumerated() {
            if index == 0, step.isConstructed {
                let value = try machine.evaluate(step, .array(items), frame)
                result = value.isUndefined ? nil : value.list ?? .sequence(value)
            } else if tuples != nil || step.isTuple {
                tuples = try Path.tupleStep(step, items, tuples, frame, machine)
                continue
            } else {
                result = try Path.step(step, items, frame, machine, isLast: index == steps.count - 1)
            }
            guard let list = result, list.count > 0 else { break }
            items = list
        }
        if let tuples {
            result = isTuple ? tuples : Path.values(of: tuples)
        }
        if keepsSingleton, let list = result {
            if list.flags.contains(.constructed), !list.isSequence { result = .sequence(.array(list)) }
            result?.flags.insert(.keepSingleton)
        }
        let value = result.map { Value.array($0) } ?? .undefined
        guard let group else { return value }
        return try group.evaluate(tuples.map { .array($0) } ?? value, frame, machine)
    }

    /// A path of one plain name on one object, which most paths are; nil when it is anything else.
    private func single(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value? {
        guard case .object(let record) = input, let name = steps[0] as? NameNode, name.stages.isEmpty, !keepsSingleton,
            !name.isTuple, name.predicates.isEmpty, name.group == nil, group == nil
        else { return nil }
        let value = record[name.key]
        guard case .array(let list) = value, list.isSequence else { return value }
        return nil
    }
}

enum Path {
    static func values(of tuples: List) -> List {
        let values = List([], .sequence)
        for index in 0..<tuples.count { values.append(item(tuples[index])) }
        return values
    }

    /// The value that a tuple carries; any other value is itself.
    static func item(_ value: Value) -> Value {
        if case .tuple(let tuple) = value { tuple.value } else { value }
    }

    static func scope(_ value: Value, _ frame: Frame) -> Frame {
        if case .tuple(let tuple) = value { Frame(frame, tuple.bindings) } else { frame }
    }

    static func step(
        _ step: Node, _ items: List, _ frame: Frame, _ machine: Machine, isLast: Bool
    ) throws(Failure) -> List {
        if let sort = step as? SortNode {
            let sorted = try sort.sort(items, frame, machine)
            return try stages(of: step, sorted, frame, machine)
        }
        let results = List([], .sequence)
        // A plain list that is the only result of the last step stays what it is.
        var lone: List?
        var isFirst = true
        for index in 0..<items.count {
            var value = try machine.evaluate(step, items[index], frame)
            for case .filter(let predicate) in step.stages {
                value = .array(try filter(predicate, value, frame, machine))
            }
            if value.isUndefined { continue }
            if isLast, isFirst, case .array(let list) = value, !list.isSequence {
                lone = list
            } else {
                if let list = lone { join(.array(list), to: results) }
                lone = nil
                join(value, to: results)
            }
            isFirst = false
            guard results.count <= List.longest else { throw Failure.tooLarge() }
        }
        return lone ?? results
    }

    private static func join(_ value: Value, to results: List) {
        if case .array(let list) = value, !list.flags.contains(.constructed) {
            results.append(contentsOf: list)
        } else {
            results.append(value)
        }
    }

    static func stages(of step: Node, _ list: List, _ frame: Frame, _ machine: Machine) throws(Failure) -> List {
        var list = list
        for stage in step.stages {
            switch stage {
            case .filter(let predicate): list = try filter(predicate, .array(list), frame, machine)
            case .index(let symbol):
                for position in 0..<list.count {
                    if case .tuple(let tuple) = list[position] { tuple.bind(symbol, .number(Double(position))) }
                }
            }
        }
        return list
    }

    /// One step of a tuple stream: what it yields carries the names of the item that it came from.
    static func tupleStep(
        _ step: Node, _ items: List, _ tuples: List?, _ frame: Frame, _ machine: Machine
    ) throws(Failure) -> List {
        let results = List([], [.sequence, .tuples])
        if let sort = step as? SortNode {
            let sorted = try sort.sort(tuples ?? items, frame, machine)
            for position in 0..<sorted.count {
                let value = sorted[position]
                if case .tuple(let tuple) = value {
                    if let index = sort.index { tuple.bind(index, .number(Double(position))) }
                    results.append(value)
                } else {
                    let bindings = sort.index.map { [Binding(symbol: $0, value: .number(Double(position)))] } ?? []
                    results.append(.tuple(Tuple(value, bindings)))
                }
            }
            return try stages(of: step, results, frame, machine)
        }
        let source = tuples ?? items
        for position in 0..<source.count {
            let origin = source[position]
            let scope = scope(origin, frame)
            let value = try machine.evaluate(step, item(origin), scope)
            if value.isUndefined { continue }
            let found = value.list ?? List([value])
            for place in 0..<found.count {
                results.append(.tuple(follow(step, origin, found[place], place)))
            }
            guard results.count <= List.longest else { throw Failure.tooLarge() }
        }
        return try stages(of: step, results, frame, machine)
    }

    private static func follow(_ step: Node, _ origin: Value, _ found: Value, _ place: Int) -> Tuple {
        var bindings: [Binding] = []
        if case .tuple(let tuple) = origin { bindings = tuple.bindings }
        if case .tuple(let tuple) = found {
            for binding in tuple.bindings { bindings.bind(binding.symbol, binding.value) }
            return Tuple(tuple.value, bindings)
        }
        let before = item(origin)
        if let focus = step.focus { bindings.bind(focus, found) }
        if let index = step.index { bindings.bind(index, .number(Double(place))) }
        if let ancestor = step.ancestor { bindings.bind(ancestor.symbol, before) }
        return Tuple(step.focus == nil ? found : before, bindings)
    }

    /// Keeps the items for which a predicate holds, or that stand at the places that it names.
    static func filter(
        _ predicate: Node, _ input: Value, _ frame: Frame, _ machine: Machine
    ) throws(Failure) -> List {
        let items = input.list ?? .sequence(input)
        let kept = List([], items.flags.contains(.tuples) ? [.sequence, .tuples] : .sequence)
        let count = items.count
        if let literal = predicate as? LiteralNode, case .number(let number) = literal.value {
            guard let place = place(number, count) else { return kept }
            let item = items[place]
            if case .undefined = item { return kept }
            if case .array(let list) = item { return list }
            kept.append(item)
            return kept
        }
        for index in 0..<count {
            let item = items[index]
            let result = try machine.evaluate(predicate, Path.item(item), scope(item, frame))
            switch result {
            case .bool(let holds): if holds { kept.append(item) }
            case .undefined: break
            case .number(let number):
                try Numeric.check(number)
                if place(number, count) == index { kept.append(item) }
            case .array(let list) where try Numeric.areAll(list):
                for position in 0..<list.count {
                    if let number = list[position].number, place(number, count) == index { kept.append(item) }
                }
            default: if try Truth.of(result) { kept.append(item) }
            }
        }
        return kept
    }

    private static func place(_ number: Double, _ count: Int) -> Int? {
        guard let floor = Int(exactly: number.rounded(.down)) else { return nil }
        let index = floor < 0 ? count + floor : floor
        return index >= 0 && index < count ? index : nil
    }
}
