import JSON

/// An array. A *sequence* is what a path yields: empty it vanishes, and alone its item stands for it.
final class List: Cell {
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let sequence = Flags(rawValue: 1)
        /// A sequence that stays an array when it has one item.
        static let keepSingleton = Flags(rawValue: 2)
        /// Written as `[…]` at the end of a path: not flattened.
        static let constructed = Flags(rawValue: 4)
        /// The items are tuples.
        static let tuples = Flags(rawValue: 8)
        /// Holds the input of the whole expression, which is an array itself.
        static let wrapsInput = Flags(rawValue: 16)
    }

    private enum Source {
        case none
        case json([JSON])
        case range(first: Double, count: Int)
    }

    private var storage: [Value] = []
    private var source = Source.none
    /// Whether containers inside keep their identity, since a transform changes them.
    private var isOwned = false
    var flags: Flags

    /// Most items that a sequence may have.
    static let longest = 10_000_000

    init(_ items: [Value] = [], _ flags: Flags = []) {
        storage = items
        self.flags = flags
        super.init()
        for item in items { adopt(item) }
    }

    init(json elements: [JSON], owned: Bool = false) {
        source = .json(elements)
        flags = []
        isOwned = owned
    }

    init(from first: Double, count: Int) {
        source = .range(first: first, count: count)
        flags = .sequence
    }

    static func sequence(_ item: Value) -> List { List([item], .sequence) }

    deinit { unwind() }

    var count: Int {
        switch source {
        case .none: storage.count
        case .json(let elements): elements.count
        case .range(_, let count): count
        }
    }

    var isSequence: Bool { flags.contains(.sequence) }

    /// The JSON that this array is, as long as nobody has changed it.
    var json: [JSON]? { if case .json(let elements) = source, !isOwned { elements } else { nil } }

    subscript(index: Int) -> Value {
        switch source {
        case .none: return storage[index]
        case .range(let first, _): return .number(first + Double(index))
        case .json(let elements):
            guard isOwned else { return Value(elements[index]) }
            materialize()
            return storage[index]
        }
    }

    /// All items as a Swift array.
    var items: [Value] {
        switch source {
        case .none: return storage
        case .range, .json:
            if isOwned {
                materialize()
                return storage
            }
            var items: [Value] = []
            items.reserveCapacity(count)
            for index in 0..<count { items.append(self[index]) }
            return items
        }
    }

    private func materialize() {
        guard case .json(let elements) = source else { return }
        source = .none
        storage = elements.map { Value(owning: $0) }
        for item in storage { adopt(item) }
    }

    func reserve(_ count: Int) { storage.reserveCapacity(count) }

    /// Only for lists that are being built.
    func append(_ value: Value) {
        adopt(value)
        storage.append(value)
    }

    func append(contentsOf list: List) {
        if case .none = list.source {
            if list.nesting >= nesting { nesting = list.nesting }
            if list.carriesFunction { carriesFunction = true }
            storage.append(contentsOf: list.storage)
            return
        }
        let count = list.count
        storage.reserveCapacity(storage.count + count)
        for index in 0..<count { append(list[index]) }
    }

    /// The same items as a plain array, flags aside.
    func plain() -> List {
        let copy = List()
        copy.storage = storage
        copy.source = source
        copy.isOwned = isOwned
        copy.nesting = nesting
        copy.carriesFunction = carriesFunction
        return copy
    }

    override func drain(into pending: inout [Cell]) {
        for item in storage { if let cell = item.cell { pending.append(cell) } }
        storage = []
    }
}

extension Value {
    /// Wraps a JSON value that a transform will change: its containers keep their identity.
    init(owning json: JSON) {
        switch json {
        case .array(let elements): self = .array(List(json: elements, owned: true))
        case .object(let object): self = .object(Record(json: object, owned: true))
        default: self.init(json)
        }
    }
}
