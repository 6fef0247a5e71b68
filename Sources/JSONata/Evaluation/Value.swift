import JSON

/// A value while an expression is evaluated. Containers are shared by reference and are not changed once they are
/// built; only the copy that a transform works on is changed in place.
enum Value {
    case undefined
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array(List)
    case object(Record)
    case function(Function)
    /// An item of a tuple stream: what `@`, `#` and `%` bind travels beside the value. Never leaves a path.
    case tuple(Tuple)
}

extension Value {
    /// Wraps a JSON value. Containers are read when they are touched, not now.
    init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let number): self = .number(NumberText.parse(number.text))
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(List(json: elements))
        case .object(let object): self = .object(Record(json: object))
        case .bytes(let bytes): self = .string(Base64Text.encode(bytes))
        case .written: self.init(json.parsed)
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }
    var isArray: Bool { if case .array = self { true } else { false } }
    var list: List? { if case .array(let list) = self { list } else { nil } }
    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var string: String? { if case .string(let value) = self { value } else { nil } }
    var function: Function? { if case .function(let value) = self { value } else { nil } }

    /// The container behind this value.
    var cell: Cell? {
        switch self {
        case .array(let list): list
        case .object(let record): record
        case .function(let function): function
        case .tuple(let tuple): tuple
        default: nil
        }
    }

    /// The letter by which a function signature knows the kind of this value.
    var letter: UInt8 {
        switch self {
        case .undefined, .tuple: UInt8(ascii: "m")
        case .null: UInt8(ascii: "l")
        case .bool: UInt8(ascii: "b")
        case .number: UInt8(ascii: "n")
        case .string: UInt8(ascii: "s")
        case .array: UInt8(ascii: "a")
        case .object: UInt8(ascii: "o")
        case .function: UInt8(ascii: "f")
        }
    }

    /// JavaScript's own idea of truth, which differs from `$boolean`: empty arrays and objects count as true.
    var isTruthyInJavaScript: Bool {
        switch self {
        case .undefined, .null: false
        case .bool(let value): value
        case .number(let value): value != 0 && !value.isNaN
        case .string(let value): !value.isEmpty
        default: true
        }
    }
}

/// What is counted by reference: containers, functions, frames. `nesting` says how deep the contents may go, so that
/// a chain of a million containers is not released by a million nested calls.
class Cell {
    final var nesting: Int32 = 0
    /// A function somewhere inside: its frame may hold this cell in turn.
    final var carriesFunction = false

    private static let recursiveRelease: Int32 = 64

    final func adopt(_ value: Value) {
        guard let cell = value.cell else { return }
        adopt(cell)
    }

    final func adopt(_ cell: Cell) {
        if cell.nesting >= nesting { nesting = cell.nesting &+ 1 }
        if cell.carriesFunction { carriesFunction = true }
    }

    /// Gives its contents away.
    func drain(into pending: inout [Cell]) {}

    final func unwind() {
        guard nesting > Cell.recursiveRelease else { return }
        var pending: [Cell] = []
        drain(into: &pending)
        while !pending.isEmpty {
            var cell = pending.removeLast()
            if cell.nesting > 0, isKnownUniquelyReferenced(&cell) { cell.drain(into: &pending) }
        }
    }
}

/// A value with the names that its way through a path has bound.
final class Tuple: Cell {
    var value: Value
    var bindings: [Binding]

    init(_ value: Value, _ bindings: [Binding] = []) {
        self.value = value
        self.bindings = bindings
        super.init()
        adopt(value)
        for binding in bindings { adopt(binding.value) }
    }

    deinit { unwind() }

    func bind(_ symbol: Int, _ value: Value) {
        adopt(value)
        bindings.bind(symbol, value)
    }

    override func drain(into pending: inout [Cell]) {
        if let cell = value.cell { pending.append(cell) }
        value = .undefined
        for binding in bindings { if let cell = binding.value.cell { pending.append(cell) } }
        bindings = []
    }
}

struct Binding {
    let symbol: Int
    var value: Value
}

extension [Binding] {
    mutating func bind(_ symbol: Int, _ value: Value) {
        if let index = firstIndex(where: { $0.symbol == symbol }) {
            self[index].value = value
        } else {
            append(Binding(symbol: symbol, value: value))
        }
    }
}
