/// An expression that can be evaluated. Written while the source is parsed, never afterwards: many threads may
/// evaluate it at once.
class Node {
    let position: Int
    final var predicates: [Stage] = []
    final var stages: [Stage] = []
    final var group: Grouping?
    /// `[]` behind it: a single result stays an array.
    final var keepsArray = false
    /// `[…]` at the end or the beginning of a path.
    final var isConstructed = false
    /// The variable of `@` or `#` behind this step.
    final var focus: Int?
    final var index: Int?
    /// The name under which later steps find where this step came from.
    final var ancestor: Slot?
    final var isTuple = false
    /// `%` inside that looks for its step further out.
    final var seekingParents: [Slot] = []

    init(_ position: Int) { self.position = position }

    /// What the reference calls this kind of node; it stands in some errors.
    var type: String { "value" }

    /// Evaluates what this node stands for, without what follows it.
    func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value { .undefined }

    /// Lets go of the children.
    func unlink() {
        predicates = []
        stages = []
        group = nil
    }

    /// Evaluates, filters and groups, and lets empty and single sequences vanish.
    @inline(__always)
    final func finish(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        var result = try run(input, frame, machine)
        if !predicates.isEmpty || group != nil { result = try follow(result, frame, machine) }
        guard case .array(let list) = result, list.isSequence else { return result }
        return settle(list)
    }

    private final func follow(
        _ result: Value, _ frame: Frame, _ machine: Machine
    ) throws(Failure) -> Value {
        var result = result
        for case .filter(let predicate) in predicates {
            result = .array(try Path.filter(predicate, result, frame, machine))
        }
        if let group, !(self is PathNode) { result = try group.evaluate(result, frame, machine) }
        return result
    }

    private final func settle(_ list: List) -> Value {
        guard !list.flags.contains(.tuples) else { return .array(list) }
        if keepsArray { list.flags.insert(.keepSingleton) }
        switch list.count {
        case 0: return .undefined
        case 1: return list.flags.contains(.keepSingleton) ? .array(list) : list[0]
        default: return .array(list)
        }
    }
}

/// What stands behind a step: a filter, or `#$name` behind a filter.
enum Stage {
    case filter(Node)
    case index(Int)
}

/// The place of a `%`: under which name the step `level` steps up keeps its input.
final class Slot {
    var symbol: Int
    var level = 1
    init(_ symbol: Int) { self.symbol = symbol }
}

// MARK: - Operands

final class LiteralNode: Node {
    enum Kind { case string, number, word }
    let kind: Kind
    let value: Constant

    /// What a literal can be: values without shared parts.
    enum Constant {
        case null
        case bool(Bool)
        case number(Double)
        case string(String)
    }

    init(_ kind: Kind, _ value: Constant, _ position: Int) {
        self.kind = kind
        self.value = value
        super.init(position)
    }

    override var type: String {
        switch kind {
        case .string: "string"
        case .number: "number"
        case .word: "value"
        }
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        switch value {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        }
    }
}

final class NameNode: Node {
    let key: String

    init(_ key: String, _ position: Int) {
        self.key = key
        super.init(position)
    }

    override var type: String { "name" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        switch input {
        case .object(let record): return record[key]
        case .array(let list): return .array(try Lookup.member(key, of: list, machine))
        default: return .undefined
        }
    }
}

final class WildcardNode: Node {
    override var type: String { "wildcard" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        .array(try Lookup.members(of: input, machine))
    }
}

final class DescendantNode: Node {
    override var type: String { "descendant" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        if input.isUndefined { return .undefined }
        let found = List([], .sequence)
        try Lookup.descendants(of: input, into: found, machine)
        return .array(found)
    }
}

final class ParentNode: Node {
    let slot: Slot

    init(_ slot: Slot, _ position: Int) {
        self.slot = slot
        super.init(position)
    }

    override var type: String { "parent" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        frame.lookup(slot.symbol) ?? .undefined
    }
}

final class VariableNode: Node {
    let name: String
    let symbol: Int
    /// Nothing in the expression binds the name.
    var isGlobal = false

    init(_ name: String, _ symbol: Int, _ position: Int) {
        self.name = name
        self.symbol = symbol
        super.init(position)
    }

    override var type: String { "variable" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        if !isGlobal, let value = frame.lookup(symbol) { return value }
        return machine.global(symbol)
    }
}

/// `$`: the item at hand.
final class ContextNode: Node {
    override var type: String { "variable" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        if case .array(let list) = input, list.flags.contains(.wrapsInput) { return list[0] }
        return input
    }
}

/// `$$`: the input of the whole expression.
final class RootNode: Node {
    override var type: String { "variable" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value { machine.root }
}

final class RegexNode: Node {
    let regex: Regex

    init(_ regex: Regex, _ position: Int) {
        self.regex = regex
        super.init(position)
    }

    override var type: String { "regex" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        .function(Function(.regex(regex, position: position)))
    }
}

/// `?` among the arguments of a partial application.
final class PlaceholderNode: Node {
    override var type: String { "operator" }
}
