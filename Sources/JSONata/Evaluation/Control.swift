/// `(a; b; c)`: the last one counts.
final class BlockNode: Node {
    var expressions: [Node]
    /// Something inside binds a variable of this block.
    var needsFrame = true

    init(_ expressions: [Node], _ position: Int) {
        self.expressions = expressions
        super.init(position)
    }

    override var type: String { "block" }
    override func unlink() {
        super.unlink()
        expressions = []
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let inner = needsFrame ? Frame(frame) : frame
        var result = Value.undefined
        for expression in expressions { result = try machine.evaluate(expression, input, inner) }
        return result
    }
}

final class ConditionNode: Node {
    var condition: Node
    var positive: Node
    var negative: Node?

    init(_ condition: Node, _ positive: Node, _ negative: Node?, _ position: Int) {
        self.condition = condition
        self.positive = positive
        self.negative = negative
        super.init(position)
    }

    override var type: String { "condition" }
    override func unlink() {
        super.unlink()
        condition = Node.none
        positive = Node.none
        negative = nil
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        if try Truth.of(try machine.evaluate(condition, input, frame)) {
            return try machine.evaluate(positive, input, frame)
        }
        guard let negative else { return .undefined }
        return try machine.evaluate(negative, input, frame)
    }
}

/// `a ?: b`: the left side where it is true; `a ?? b`: the left side where it is anything.
final class FallbackNode: BinaryNode {
    override var type: String { "condition" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let value = try machine.evaluate(left, input, frame)
        let holds = sign == "??" ? !value.isUndefined : try Truth.of(value)
        return holds ? value : try machine.evaluate(right, input, frame)
    }
}

final class BindNode: Node {
    let symbol: Int
    var value: Node

    init(_ symbol: Int, _ value: Node, _ position: Int) {
        self.symbol = symbol
        self.value = value
        super.init(position)
    }

    override var type: String { "bind" }
    override func unlink() {
        super.unlink()
        value = Node.none
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let result = try machine.evaluate(value, input, frame)
        machine.bind(symbol, result, in: frame)
        return result
    }
}

/// `|pattern|update, delete|`: a function that changes a copy of its argument.
final class TransformNode: Node {
    var pattern: Node
    var update: Node
    var removal: Node?

    init(_ pattern: Node, _ update: Node, _ removal: Node?, _ position: Int) {
        self.pattern = pattern
        self.update = update
        self.removal = removal
        super.init(position)
    }

    override var type: String { "transform" }
    override func unlink() {
        super.unlink()
        pattern = Node.none
        update = Node.none
        removal = nil
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        .function(Function(.transform(self, frame)))
    }

    func transform(_ value: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        if value.isUndefined { return .undefined }
        if let clone = frame.lookup(machine.symbols.number(of: "clone")), clone.function == nil {
            throw Failure("T2013", position: position)
        }
        let result = try Cloning.copy(value, machine)
        let matches = try machine.evaluate(pattern, result, frame)
        if matches.isUndefined { return result }
        let list = matches.list ?? List([matches])
        for index in 0..<list.count { try change(list[index], frame, machine) }
        return result
    }

    private func change(_ match: Value, _ frame: Frame, _ machine: Machine) throws(Failure) {
        var target: Record?
        if case .object(let record) = match { target = record }
        switch try machine.evaluate(update, match, frame) {
        case .undefined: break
        case .object(let changes):
            // Copies, so that a match can become part of itself without a circle.
            for member in changes.members { target?[set: member.key] = try Cloning.copy(member.value, machine) }
        case let other: throw Failure("T2011", position: update.position, value: other)
        }
        guard let removal else { return }
        let names = try machine.evaluate(removal, match, frame)
        if names.isUndefined { return }
        let list = names.list ?? List([names])
        let keys = list.items.compactMap(\.string)
        guard keys.count == list.count else { throw Failure("T2012", position: removal.position, value: names) }
        for key in keys { target?.remove(key) }
    }
}
