import JSON

/// An object. Members keep the order in which they came.
final class Record: Cell {
    struct Member {
        let key: String
        var value: Value
    }

    private var storage: [Member] = []
    private var positions: [String: Int]?
    private var source: JSON.Object?
    private var isOwned = false
    private static let scanned = 12

    override init() {}

    init(json object: JSON.Object, owned: Bool = false) {
        source = object
        isOwned = owned
    }

    deinit { unwind() }

    var count: Int { source?.count ?? storage.count }
    var isEmpty: Bool { count == 0 }

    /// The JSON that this object is, as long as nobody has changed it.
    var json: JSON.Object? { isOwned ? nil : source }

    subscript(key: String) -> Value {
        if let source {
            if !isOwned {
                guard let json = source[key] else { return .undefined }
                return Value(json)
            }
            materialize()
        }
        guard let index = position(of: key) else { return .undefined }
        return storage[index].value
    }

    var members: [Member] {
        if let source {
            if !isOwned { return source.members.map { Member(key: $0.key, value: Value($0.value)) } }
            materialize()
        }
        return storage
    }

    var keys: [String] { source?.keys ?? storage.map(\.key) }

    private func position(of key: String) -> Int? {
        if let positions { return positions[key] }
        for index in storage.indices where Text.same(storage[index].key, key) { return index }
        return nil
    }

    private func materialize() {
        guard let source else { return }
        self.source = nil
        for (key, value) in source.members { self[set: key] = Value(owning: value) }
    }

    /// Only for objects that are being built or that a transform owns.
    subscript(set key: String) -> Value {
        get { self[key] }
        set {
            if source != nil { materialize() }
            adopt(newValue)
            if let index = position(of: key) {
                storage[index].value = newValue
                return
            }
            storage.append(Member(key: key, value: newValue))
            if positions != nil {
                positions?[key] = storage.count - 1
            } else if storage.count > Record.scanned {
                index()
            }
        }
    }

    func remove(_ key: String) {
        if source != nil { materialize() }
        guard let index = position(of: key) else { return }
        storage.remove(at: index)
        if positions != nil { self.index() }
    }

    private func index() {
        var table = [String: Int](minimumCapacity: storage.count * 2)
        for (index, member) in storage.enumerated() { table[member.key] = index }
        positions = table
    }

    override func drain(into pending: inout [Cell]) {
        for member in storage { if let cell = member.value.cell { pending.append(cell) } }
        storage = []
        positions = nil
    }
}
